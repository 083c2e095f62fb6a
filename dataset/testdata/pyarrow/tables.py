"""Small Parquet files as pyarrow writes them, and the table that they all hold as CSV.

    pip install pyarrow==26.0.1
    python3 tables.py
"""
import datetime as dt

import pyarrow as pa
import pyarrow.parquet as pq

n = 40
columns = {
    "age": pa.array([20 + 3 * i % 61 for i in range(n)], pa.int64()),
    "weight": pa.array([None if i % 7 == 3 else 50 + i / 8 for i in range(n)], pa.float64()),
    "glucose": pa.array([float("nan") if i == 5 else i / 4 for i in range(n)], pa.float32()),
    "visits": pa.array([i % 5 for i in range(n)], pa.uint8()),
    "sex": pa.array([None if i == 9 else ["f", "m"][i % 3 == 0] for i in range(n)], pa.string()),
    "ward": pa.array(["north", "söuth"] * (n // 2)).dictionary_encode(),
    "smokes": pa.array([i % 4 == 1 for i in range(n)], pa.bool_()),
    "y": pa.array([["no", "yes"][i % 2] for i in range(n)], pa.string()),
}
table = pa.table(columns)
for name, options in {
    "snappy": dict(compression="snappy"),
    "gzip": dict(compression="gzip", data_page_version="2.0"),
    "zstd": dict(compression="zstd", use_dictionary=False, row_group_size=15),
    "plain": dict(compression="none", use_dictionary=False, data_page_size=64),
}.items():
    pq.write_table(table, f"{name}.parquet", **options)

with open("table.csv", "w") as f:
    print(",".join(columns), file=f)
    for row in zip(*(c.to_pylist() for c in columns.values())):
        print(",".join("" if v is None or v != v else str(v).lower() if isinstance(v, bool) else str(v) for v in row), file=f)

pq.write_table(pa.table({"a": [1.5, 2], "when": [dt.date(2020, 2, 29), dt.date(1969, 12, 31)],
                         "at": pa.array([1, -1], pa.timestamp("ms")), "y": ["u", "v"]}), "dates.parquet")
pq.write_table(pa.table({"a": [[1, 2], [3]], "y": ["u", "v"]}), "nested.parquet")
pq.write_table(pa.table({"a": list(range(100)), "y": ["u", "v"] * 50}), "lz4.parquet", compression="lz4")
pq.write_table(pa.table({"a": list(range(100)), "y": ["u", "v"] * 50}), "delta.parquet", use_dictionary=False,
               column_encoding={"a": "DELTA_BINARY_PACKED", "y": "PLAIN"})
