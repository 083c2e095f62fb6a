package dataset

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"slices"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	pq "github.com/parquet-go/parquet-go/format"
)

// Bounds of a Parquet file's parts. A decoder takes memory for what they say that they
// hold before it has seen it.
const (
	mostFooter = 4 << 20
	mostPage   = 64 << 20
)

// oldDictionary is the encoding PLAIN_DICTIONARY, which older writers still use.
const oldDictionary pq.Encoding = 2

// parquetGuard walks over a Parquet file before its decoder does, and refuses one that
// claims to be larger than it is: lists longer than the file, pages that decompress to
// more than they say, runs of more values than the page has.
type parquetGuard struct {
	file string
	b    []byte
	lim  limits
	left int64 // decompressed bytes that the pages may still have
}

func (g *parquetGuard) refuse(found, expected string) error {
	return &CellError{File: g.file, Found: found, Expected: expected}
}

func (g *parquetGuard) damaged(what string) error {
	return g.refuse("a damaged "+what, "a whole Parquet file")
}

// footer checks the end of the file: its metadata, their length, and PAR1.
func (g *parquetGuard) footer() error {
	n := len(g.b)
	if n >= 4 && string(g.b[n-4:]) == "PARE" {
		return g.refuse("an encrypted Parquet file", "one without encryption")
	}
	if n < 12 || string(g.b[:4]) != "PAR1" || string(g.b[n-4:]) != "PAR1" {
		return g.refuse("no Parquet file, or a part of one", "PAR1 at its beginning and end")
	}
	size := binary.LittleEndian.Uint32(g.b[n-8:])
	if size > mostFooter || int(size) > n-12 {
		return g.refuse(fmt.Sprintf("metadata of %d bytes", size), fmt.Sprintf("at most %d, within the file", mostFooter))
	}
	s := thriftScan{b: g.b[n-8-int(size) : n-8]}
	if s.structure() != nil || len(s.b) > 0 {
		return g.damaged("footer")
	}
	return nil
}

// chunk checks the pages of a column in a row group of so many rows.
func (g *parquetGuard) chunk(m *pq.ColumnMetaData, rows int64, optional bool) error {
	if !slices.Contains([]pq.CompressionCodec{pq.Uncompressed, pq.Snappy, pq.Gzip, pq.Zstd}, m.Codec) {
		return g.refuse("compression "+m.Codec.String(), "snappy, gzip, zstd or none")
	}
	start := m.DataPageOffset
	if d := m.DictionaryPageOffset; d > 0 && d < start {
		start = d
	}
	if start < 4 || m.TotalCompressedSize < 0 || start > int64(len(g.b)) || m.TotalCompressedSize > int64(len(g.b))-start {
		return g.damaged("footer")
	}
	b, values := g.b[start:start+m.TotalCompressedSize], int64(0)
	for len(b) > 0 {
		h, rest, err := g.pageHeader(b)
		if err != nil {
			return err
		}
		if h.compressed > int64(len(rest)) || h.compressed < 0 || h.size < 0 || h.size > mostPage || h.values < 0 {
			return g.damaged("page")
		}
		if g.left -= h.size; g.left < 0 {
			return g.refuse(fmt.Sprintf("more than %d bytes when decompressed", g.lim.bytes), "a smaller file")
		}
		if h.dictionary {
			if h.values > rows && h.values > h.size {
				return g.damaged("dictionary")
			}
		} else if values += h.values; values > rows {
			return g.damaged("page")
		}
		if err := g.page(h, rest[:h.compressed], m, optional); err != nil {
			return err
		}
		b = rest[h.compressed:]
	}
	if values != rows {
		return g.damaged("column")
	}
	return nil
}

// pageHeader is what the header of a page says.
type pageHeader struct {
	dictionary, second     bool // of the second version
	size, compressed       int64
	values                 int64
	encoding, levelsRLE    int64
	isCompressed           int64 // 0 for a page of a compressed column that isn't
	repetition, definition int64 // bytes of the levels, second version
}

func (g *parquetGuard) pageHeader(b []byte) (pageHeader, []byte, error) {
	h := pageHeader{values: -1, encoding: -1, isCompressed: 1}
	kind := int64(-1)
	fields := map[[2]int16]*int64{
		{1}: &kind, {2}: &h.size, {3}: &h.compressed,
		{5, 1}: &h.values, {5, 2}: &h.encoding, {5, 3}: &h.levelsRLE,
		{7, 1}: &h.values, {7, 2}: &h.encoding,
		{8, 1}: &h.values, {8, 4}: &h.encoding, {8, 5}: &h.definition, {8, 6}: &h.repetition, {8, 7}: &h.isCompressed,
	}
	s := thriftScan{b: b, visit: func(path []int16, v int64) {
		if len(path) > 2 {
			return
		}
		var at [2]int16
		copy(at[:], path)
		if to := fields[at]; to != nil {
			*to = v
		}
	}}
	if s.structure() != nil {
		return h, nil, g.damaged("page header")
	}
	switch pq.PageType(kind) {
	case pq.DataPage:
	case pq.DictionaryPage:
		h.dictionary = true
	case pq.DataPageV2:
		h.second = true
	default:
		return h, nil, g.damaged("page header")
	}
	return h, s.b, nil
}

// page checks that a page decompresses to what it says and holds as many values, and that
// its runs end in it.
func (g *parquetGuard) page(h pageHeader, b []byte, m *pq.ColumnMetaData, optional bool) error {
	levels := h.definition + h.repetition
	if h.definition < 0 || h.repetition != 0 || levels > int64(len(b)) || levels > h.size {
		return g.damaged("page")
	}
	codec := m.Codec
	if h.isCompressed == 0 {
		codec = pq.Uncompressed
	}
	body, err := g.decompress(b[levels:], h.size-levels, codec)
	if err != nil {
		return err
	}
	n := h.values // that aren't missing
	switch {
	case h.dictionary || !optional:
	case h.second:
		n = runs(b[:levels], 1, h.values)
	case pq.Encoding(h.levelsRLE) != pq.RLE:
		return g.refuse("levels in the encoding "+pq.Encoding(h.levelsRLE).String(), "RLE")
	default:
		n, body = prefixedRuns(body, h.values)
	}
	ok := n >= 0
	switch encoding := pq.Encoding(h.encoding); {
	case encoding == pq.Plain, h.dictionary && encoding == oldDictionary:
		ok = ok && holdsPlain(m.Type, body, n)
	case h.dictionary:
		return g.refuse("a dictionary in the encoding "+encoding.String(), "plain")
	case encoding == pq.ByteStreamSplit:
		ok = ok && m.Type != pq.ByteArray && holdsPlain(m.Type, body, n)
	case encoding == oldDictionary, encoding == pq.RLEDictionary:
		ok = ok && (n == 0 || len(body) > 0 && body[0] <= 32 && runs(body[1:], uint(body[0]), n) >= 0)
	case encoding == pq.RLE:
		ones, _ := prefixedRuns(body, n)
		ok = ok && m.Type == pq.Boolean && ones >= 0
	default:
		return g.refuse("the encoding "+encoding.String(), "plain, dictionary or byte stream split")
	}
	if !ok {
		return g.damaged("page")
	}
	return nil
}

// holdsPlain reports whether b holds n values of a type, one after the other.
func holdsPlain(t pq.Type, b []byte, n int64) bool {
	switch t {
	case pq.Boolean:
		return int64(len(b)) == (n+7)/8
	case pq.Int32, pq.Float:
		return int64(len(b)) == 4*n
	case pq.Int64, pq.Double:
		return int64(len(b)) == 8*n
	case pq.ByteArray:
		for ; n > 0 && len(b) >= 4; n-- {
			size := binary.LittleEndian.Uint32(b)
			if uint64(size) > uint64(len(b)-4) {
				return false
			}
			b = b[4+size:]
		}
		return n == 0 && len(b) == 0
	}
	return false
}

// decompress returns a page of exactly so many bytes.
func (g *parquetGuard) decompress(b []byte, size int64, codec pq.CompressionCodec) ([]byte, error) {
	var in io.Reader
	switch codec {
	case pq.Uncompressed:
		if int64(len(b)) != size {
			return nil, g.damaged("page")
		}
		return b, nil
	case pq.Snappy:
		n, _ := binary.Uvarint(b)
		if len(b) == 0 && size == 0 {
			return nil, nil
		}
		if n != uint64(size) {
			return nil, g.damaged("page")
		}
		out, err := snappy.Decode(nil, b)
		if err != nil {
			return nil, g.damaged("page")
		}
		return out, nil
	case pq.Gzip:
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, g.damaged("page")
		}
		in = z
	case pq.Zstd:
		z, err := zstd.NewReader(bytes.NewReader(b), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(2*mostPage))
		if err != nil {
			return nil, g.damaged("page")
		}
		defer z.Close()
		in = z
	}
	out, err := io.ReadAll(io.LimitReader(in, size+1))
	if err != nil || int64(len(out)) != size {
		return nil, g.damaged("page")
	}
	return out, nil
}

// prefixedRuns counts the ones in runs of width 1 behind their length in 4 bytes, and
// returns what follows; -1 if they are wrong.
func prefixedRuns(b []byte, values int64) (ones int64, rest []byte) {
	if len(b) < 4 {
		return -1, nil
	}
	n := binary.LittleEndian.Uint32(b)
	if uint64(n) > uint64(len(b)-4) {
		return -1, nil
	}
	return runs(b[4:4+n], 1, values), b[4+n:]
}

// runs counts the ones among so many values in the hybrid of run lengths and packed bits
// (Parquet's encoding RLE); -1 if there are fewer values, or more than the last packed
// group has room for. Under a width other than 1 what it counts means nothing.
func runs(b []byte, width uint, values int64) (ones int64) {
	var total int64
	for len(b) > 0 {
		head, n := binary.Uvarint(b)
		if n <= 0 || head>>1 > uint64(values) {
			return -1
		}
		b = b[n:]
		count, size, packed := int64(head>>1), int64(width+7)/8, head&1 == 1
		if packed {
			size = count * int64(width)
			count *= 8
		}
		if size > int64(len(b)) || total+count > values+7 {
			return -1
		}
		for i := range min(count, values-total) {
			switch {
			case width != 1:
			case packed:
				ones += int64(b[i/8] >> (i % 8) & 1)
			default:
				ones += int64(b[0] & 1)
			}
		}
		total += count
		b = b[size:]
	}
	if total < values {
		return -1
	}
	return ones
}
