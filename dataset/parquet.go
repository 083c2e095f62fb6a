package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
	pq "github.com/parquet-go/parquet-go/format"
)

// readParquet reads Apache Parquet files (parquet-format 2.11) with columns side by side:
// truth values, whole and floating point numbers, decimals that are whole numbers, text,
// dates and times. Nested and repeated columns are refused, and so are encryption, and
// encodings and compressions that can't be bounded before they are decoded. A line of an
// error is the number of the row.
func readParquet(file string, r io.Reader, lim limits, into table) (err error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	g := &parquetGuard{file: file, b: b, lim: lim, left: lim.bytes}
	if err := g.footer(); err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = g.damaged("file")
		}
	}()
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return g.damaged("footer")
	}
	p := &parquetTable{guard: g, file: f, into: into}
	if err := p.columns(); err != nil {
		return err
	}
	return p.rows()
}

// parquetTable is an open file.
type parquetTable struct {
	guard *parquetGuard
	file  *parquet.File
	into  table
	text  []func(parquet.Value) string // of each column
	row   int
}

// columns says the names of the columns, and checks their chunks.
func (p *parquetTable) columns() error {
	fields := p.file.Root().Columns()
	g := p.guard
	switch {
	case len(fields) == 0 || len(fields) > g.lim.columns:
		return g.refuse(fmt.Sprintf("%d columns", len(fields)), fmt.Sprintf("1 to %d", g.lim.columns))
	case p.file.NumRows() < 0 || p.file.NumRows() > int64(g.lim.values/len(fields)):
		return g.refuse(fmt.Sprintf("more than %d values", g.lim.values), "at most that many: fewer columns or rows")
	}
	names, kinds := make([]string, len(fields)), map[int]columnKind{}
	for i, c := range fields {
		names[i] = c.Name()
		if !c.Leaf() || c.Repeated() {
			return &CellError{File: g.file, Column: c.Name(), Found: "a nested or repeated column", Expected: "one value in each row"}
		}
		text, numeric := parquetText(c.Type())
		if text == nil {
			return &CellError{File: g.file, Column: c.Name(), Found: "values of the type " + c.Type().String(), Expected: "numbers, truth values, text, dates or times"}
		}
		p.text = append(p.text, text)
		if numeric {
			kinds[i] = numbers
		}
	}
	var rows int64
	for _, group := range p.file.Metadata().RowGroups {
		if rows += group.NumRows; group.NumRows < 0 || rows > p.file.NumRows() || len(group.Columns) != len(fields) {
			return g.damaged("footer")
		}
		for i := range group.Columns {
			if err := g.chunk(&group.Columns[i].MetaData, group.NumRows, fields[i].Optional()); err != nil {
				return inColumn(err, names[i])
			}
		}
	}
	if rows != p.file.NumRows() {
		return g.damaged("footer")
	}
	if d, ok := p.into.(declared); ok {
		d.declare(kinds)
	}
	return p.into.header(0, names)
}

func inColumn(err error, name string) error {
	var cell *CellError
	if errors.As(err, &cell) {
		cell.Column = name
	}
	return err
}

// rows reads the row groups.
func (p *parquetTable) rows() error {
	cells := make([]string, len(p.text))
	buffer := make([]parquet.Row, 64)
	for _, group := range p.file.RowGroups() {
		if err := p.group(group, buffer, cells); err != nil {
			return err
		}
	}
	return nil
}

func (p *parquetTable) group(group parquet.RowGroup, buffer []parquet.Row, cells []string) error {
	rows := group.Rows()
	defer rows.Close()
	for left := group.NumRows(); ; {
		n, err := rows.ReadRows(buffer)
		if err != nil && err != io.EOF || n == 0 && err == nil {
			return p.guard.damaged("page")
		}
		left -= int64(n)
		for _, row := range buffer[:n] {
			if len(row) != len(cells) {
				return p.guard.damaged("page")
			}
			p.row++
			for i, v := range row {
				if cells[i] = ""; !v.IsNull() {
					cells[i] = p.text[i](v)
				}
			}
			if err := p.into.row(p.row, cells); err != nil {
				return err
			}
		}
		if err == io.EOF {
			if left != 0 {
				return p.guard.damaged("page")
			}
			return nil
		}
	}
}

// parquetText returns what writes the values of a type as a cell, nil if they can't be
// one, and whether they are numbers.
func parquetText(t parquet.Type) (text func(parquet.Value) string, numeric bool) {
	var logical pq.LogicalTypeValue
	if l := t.LogicalType(); l != nil {
		logical = l.Value
	}
	_, decimal := logical.(*pq.DecimalType)
	switch t.Kind() {
	case parquet.Boolean:
		return func(v parquet.Value) string { return strconv.FormatBool(v.Boolean()) }, false
	case parquet.Float:
		return func(v parquet.Value) string { return floatText(float64(v.Float())) }, true
	case parquet.Double:
		return func(v parquet.Value) string { return floatText(v.Double()) }, true
	case parquet.ByteArray:
		if decimal {
			return nil, false
		}
		return func(v parquet.Value) string { return string(v.ByteArray()) }, false
	case parquet.Int32:
		return wholeText(logical, func(v parquet.Value) int64 { return int64(v.Int32()) }, 32)
	case parquet.Int64:
		return wholeText(logical, func(v parquet.Value) int64 { return v.Int64() }, 64)
	}
	return nil, false
}

// floatText writes a number; what is none is missing.
func floatText(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// wholeText writes whole numbers, or what they stand for: a decimal's are multiples of a
// power of ten, a date's count days and a time's fractions of seconds from 1970.
func wholeText(logical pq.LogicalTypeValue, whole func(parquet.Value) int64, bits int) (func(parquet.Value) string, bool) {
	switch l := logical.(type) {
	case *pq.DateType:
		return func(v parquet.Value) string {
			return time.Unix(0, 0).UTC().AddDate(0, 0, int(whole(v))).Format(time.DateOnly)
		}, false
	case *pq.TimestampType:
		unit := l.Unit.Value
		if unit == nil {
			return nil, false
		}
		return func(v parquet.Value) string {
			perSecond := int64(time.Second / unit.Duration())
			n := whole(v)
			seconds := n / perSecond
			if n%perSecond < 0 {
				seconds--
			}
			rest := (n - seconds*perSecond) * int64(unit.Duration())
			return time.Unix(seconds, rest).UTC().Format("2006-01-02T15:04:05.999999999Z07:00")
		}, false
	case *pq.DecimalType:
		return func(v parquet.Value) string {
			return floatText(float64(whole(v)) / math.Pow10(int(l.Scale)))
		}, true
	case *pq.IntType:
		if !l.IsSigned {
			return func(v parquet.Value) string {
				n := uint64(whole(v))
				if bits == 32 {
					n = uint64(uint32(n))
				}
				return strconv.FormatUint(n, 10)
			}, true
		}
	}
	return func(v parquet.Value) string { return strconv.FormatInt(whole(v), 10) }, true
}
