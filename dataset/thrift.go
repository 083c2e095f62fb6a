package dataset

import (
	"encoding/binary"
	"errors"
)

// errThrift says that bytes aren't a structure of Thrift's compact protocol.
var errThrift = errors.New("a structure that isn't whole")

// thriftScan walks over one structure of Thrift's compact protocol (Apache Thrift,
// "Thrift compact protocol encoding") without keeping any of it, so that a decoder that
// believes the lengths it reads can be given it: no list is longer than the bytes that are
// left can hold. It reports each whole number, and truth value as 1 or 0, by the path of its fields.
type thriftScan struct {
	b       []byte
	visit   func(path []int16, value int64) // nil for none
	path    []int16
	listing bool
}

// Types of the compact protocol.
const (
	thriftTrue, thriftFalse, thriftByte, thriftI16, thriftI32, thriftI64 = 1, 2, 3, 4, 5, 6
	thriftDouble, thriftBinary, thriftList, thriftSet, thriftMap         = 7, 8, 9, 10, 11
	thriftStruct                                                         = 12
)

// leastElement is how many bytes an element of a list takes at least in a sound file: no
// structure in a list of Parquet's is empty.
func leastElement(kind byte) int {
	if kind == thriftStruct {
		return 3
	}
	return 1
}

const deepest = 16

func (s *thriftScan) structure() error {
	if len(s.path) >= deepest {
		return errThrift
	}
	s.path = append(s.path, 0)
	defer func() { s.path = s.path[:len(s.path)-1] }()
	var field int16
	for {
		head, err := s.byte()
		if err != nil || head == 0 {
			return err
		}
		if delta := int16(head >> 4); delta > 0 {
			field += delta
		} else {
			id, err := s.varint()
			if err != nil {
				return err
			}
			field = int16(id)
		}
		s.path[len(s.path)-1] = field
		switch kind := head & 15; kind {
		case thriftTrue, thriftFalse: // which is the value
			s.report(2 - int64(kind))
		default:
			if err := s.value(kind); err != nil {
				return err
			}
		}
	}
}

// report gives a value outside of lists to visit.
func (s *thriftScan) report(v int64) {
	if s.visit != nil && !s.listing {
		s.visit(s.path, v)
	}
}

func (s *thriftScan) value(kind byte) error {
	switch kind {
	case thriftTrue, thriftFalse, thriftByte:
		_, err := s.byte()
		return err
	case thriftI16, thriftI32, thriftI64:
		v, err := s.varint()
		if err == nil {
			s.report(v)
		}
		return err
	case thriftDouble:
		return s.skip(8)
	case thriftBinary:
		n, err := s.uvarint()
		if err != nil || n > uint64(len(s.b)) {
			return errThrift
		}
		return s.skip(int(n))
	case thriftList, thriftSet:
		return s.list()
	case thriftStruct:
		return s.structure()
	}
	return errThrift // Parquet has no maps
}

func (s *thriftScan) list() error {
	head, err := s.byte()
	if err != nil {
		return err
	}
	n := uint64(head >> 4)
	if n == 15 {
		if n, err = s.uvarint(); err != nil {
			return err
		}
	}
	kind := head & 15
	if n > uint64(len(s.b)/leastElement(kind)) || len(s.path) >= deepest {
		return errThrift
	}
	was := s.listing
	s.listing = true
	defer func() { s.listing = was }()
	for range n {
		if err := s.value(kind); err != nil {
			return err
		}
	}
	return nil
}

func (s *thriftScan) byte() (byte, error) {
	if len(s.b) == 0 {
		return 0, errThrift
	}
	b := s.b[0]
	s.b = s.b[1:]
	return b, nil
}

func (s *thriftScan) skip(n int) error {
	if n > len(s.b) {
		return errThrift
	}
	s.b = s.b[n:]
	return nil
}

func (s *thriftScan) uvarint() (uint64, error) {
	v, n := binary.Uvarint(s.b)
	if n <= 0 {
		return 0, errThrift
	}
	s.b = s.b[n:]
	return v, nil
}

// varint undoes the zigzag.
func (s *thriftScan) varint() (int64, error) {
	v, err := s.uvarint()
	return int64(v>>1) ^ -int64(v&1), err
}
