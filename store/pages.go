package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strconv"
)

// bbolt's page layout, version 2: internal/common/page.go and meta.go of
// go.etcd.io/bbolt. Numbers are in the machine's own order.
const (
	pageHeaderSize  = 16 // id u64, flags u16, count u16, overflow u32
	elementSize     = 16 // branch: pos, key size u32, page u64; leaf: flags, pos, key size, value size u32
	bucketSize      = 16 // root page u64, sequence u64
	branchFlag      = 0x01
	leafFlag        = 0x02
	metaFlag        = 0x04
	freelistFlag    = 0x10
	bucketLeafFlag  = 0x01
	maxDepth        = 64  // of the tree of pages, sub-buckets included
	maxProblems     = 100 // after which a walk gives up
	bigFreelist     = 0xFFFF
	smallestFile    = 2 * 1024
	largestPageSize = 1 << 24
)

var native = binary.NativeEndian

// role is what a page is used for.
type role byte

const (
	unused role = iota
	metaRole
	treeRole
	freelistRole
	freeRole
)

// pageWalk walks all pages of a bbolt file and finds what bbolt itself would trust: a
// page out of bounds, of the wrong kind, used twice or by nobody, keys out of order,
// sizes that don't add up. It reads with bounds checked, so that no damage can make it
// crash or go round in circles, which bbolt's own check can't promise.
type pageWalk struct {
	file     io.ReaderAt
	size     int64
	pageSize int64
	high     uint64 // pages from here on are not in use
	roles    []role
	buffers  [][]byte // one for each depth
	problems []Problem
}

// walkPages walks the file. Without problems bbolt can be trusted with it.
func walkPages(file io.ReaderAt, size int64) *pageWalk {
	w := &pageWalk{file: file, size: size}
	m, ok := w.meta()
	if !ok {
		return w
	}
	w.roles = make([]role, w.high)
	w.roles[0], w.roles[1] = metaRole, metaRole
	w.tree(m.root, 0, "", nil, nil)
	w.freelist(m.freelist)
	w.leaks()
	return w
}

func (w *pageWalk) problem(where, format string, args ...any) {
	if len(w.problems) < maxProblems {
		w.problems = append(w.problems, Problem{Where: where, What: fmt.Sprintf(format, args...)})
	}
}

// place names a page and the bucket it belongs to.
func place(id uint64, path string) string {
	where := "page " + strconv.FormatUint(id, 10)
	if path != "" {
		where += " (" + path + ")"
	}
	return where
}

// claim marks pages as used, and reports whether they exist and nobody else uses them.
func (w *pageWalk) claim(id, n uint64, as role, where string) bool {
	if id < 2 || id >= w.high || n > w.high-id {
		w.problem(where, "it is outside the file's pages, 2 to %d", w.high-1)
		return false
	}
	for i := id; i < id+n; i++ {
		if w.roles[i] != unused {
			w.problem(where, "page %d has two uses", i)
			return false
		}
		w.roles[i] = as
	}
	return true
}

// leaks finds pages that are neither in use nor free: what pointed to them is wrong.
func (w *pageWalk) leaks() {
	if len(w.problems) > 0 {
		return // they follow from what was found already
	}
	for id, r := range w.roles {
		if r == unused {
			w.problem(place(uint64(id), ""), "it is neither in use nor free")
		}
	}
}

// page reads a page with its overflow into the buffer of a depth. The page is claimed.
func (w *pageWalk) page(id uint64, depth int, as role, where string) (page []byte, flags uint16, count int, ok bool) {
	if id < 2 || id >= w.high {
		w.problem(where, "it is outside the file's pages, 2 to %d", w.high-1)
		return nil, 0, 0, false
	}
	head := make([]byte, pageHeaderSize)
	if !w.readAt(head, id, where) {
		return nil, 0, 0, false
	}
	if self := native.Uint64(head); self != id {
		w.problem(where, "it says it is page %d", self)
		return nil, 0, 0, false
	}
	n := 1 + uint64(native.Uint32(head[12:]))
	if !w.claim(id, n, as, where) {
		return nil, 0, 0, false
	}
	for len(w.buffers) <= depth {
		w.buffers = append(w.buffers, nil)
	}
	need := int(n) * int(w.pageSize)
	if cap(w.buffers[depth]) < need {
		w.buffers[depth] = make([]byte, need)
	}
	page = w.buffers[depth][:need]
	ok = w.readAt(page, id, where)
	return page, native.Uint16(head[8:]), int(native.Uint16(head[10:])), ok
}

func (w *pageWalk) readAt(b []byte, id uint64, where string) bool {
	if _, err := w.file.ReadAt(b, int64(id)*w.pageSize); err != nil {
		w.problem(where, "reading it: %v", err)
		return false
	}
	return true
}

// tree walks the tree of a bucket from its root page. Its keys lie in [low, high); nil is
// no bound.
func (w *pageWalk) tree(id uint64, depth int, path string, low, high []byte) {
	where := place(id, path)
	if depth > maxDepth {
		w.problem(where, "the pages are nested more than %d deep", maxDepth)
		return
	}
	page, flags, count, ok := w.page(id, depth, treeRole, where)
	if !ok || len(w.problems) >= maxProblems {
		return
	}
	switch flags {
	case branchFlag:
		w.branch(page, count, depth, path, where, low, high)
	case leafFlag:
		w.leaf(page, count, depth, path, where, low, high)
	default:
		w.problem(where, "it is no page of a tree: flags %#x", flags)
	}
}

// branch walks a branch page: its keys are the first of its children's.
func (w *pageWalk) branch(page []byte, count, depth int, path, where string, low, high []byte) {
	keys := make([][]byte, count+1)
	children := make([]uint64, count)
	next := pageHeaderSize + count*elementSize
	if count == 0 || next > len(page) {
		w.problem(where, "it has %d elements", count)
		return
	}
	for i := range count {
		at := pageHeaderSize + i*elementSize
		pos, ksize := int(native.Uint32(page[at:])), int(native.Uint32(page[at+4:]))
		children[i] = native.Uint64(page[at+8:])
		if at+pos != next || ksize > len(page)-next {
			w.problem(where, "element %d doesn't lie where it should", i)
			return
		}
		keys[i] = page[next : next+ksize]
		next += ksize
	}
	keys[count] = high
	if !w.ordered(keys[:count], where, low, high) {
		return
	}
	for i, child := range children {
		w.tree(child, depth+1, path, keys[i], keys[i+1])
	}
}

// leaf walks a leaf page, and the trees of the buckets that are among its values. The
// page can be that of a bucket so small that it lies within its parent's value.
func (w *pageWalk) leaf(page []byte, count, depth int, path, where string, low, high []byte) {
	keys := make([][]byte, count)
	next := pageHeaderSize + count*elementSize
	if next > len(page) {
		w.problem(where, "it has %d elements", count)
		return
	}
	for i := range count {
		at := pageHeaderSize + i*elementSize
		pos := int(native.Uint32(page[at+4:]))
		ksize, vsize := int(native.Uint32(page[at+8:])), int(native.Uint32(page[at+12:]))
		if at+pos != next || ksize > len(page)-next || vsize > len(page)-next-ksize {
			w.problem(where, "element %d doesn't lie where it should", i)
			return
		}
		keys[i] = page[next : next+ksize]
		next += ksize + vsize
	}
	if !w.ordered(keys, where, low, high) {
		return
	}
	for i, key := range keys {
		at := pageHeaderSize + i*elementSize
		if native.Uint32(page[at:])&bucketLeafFlag == 0 {
			continue
		}
		start := at + int(native.Uint32(page[at+4:])) + len(key)
		w.bucket(page[start:start+int(native.Uint32(page[at+12:]))], depth, join(path, keyName(string(key))), where)
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}

// bucket walks a bucket from its entry in its parent.
func (w *pageWalk) bucket(value []byte, depth int, path, where string) {
	if len(value) < bucketSize {
		w.problem(where, "the entry of bucket %s has %d bytes", path, len(value))
		return
	}
	root := native.Uint64(value)
	if root != 0 {
		if len(value) != bucketSize {
			w.problem(where, "the entry of bucket %s has %d bytes", path, len(value))
		}
		w.tree(root, depth+1, path, nil, nil)
		return
	}
	page := value[bucketSize:]
	if len(page) < pageHeaderSize || native.Uint16(page[8:]) != leafFlag {
		w.problem(where, "bucket %s within it is no leaf", path)
		return
	}
	if depth >= maxDepth {
		w.problem(where, "the buckets are nested more than %d deep", maxDepth)
		return
	}
	w.leaf(page, int(native.Uint16(page[10:])), depth+1, path, where, nil, nil)
}

// ordered reports whether keys rise within [low, high).
func (w *pageWalk) ordered(keys [][]byte, where string, low, high []byte) bool {
	for i, k := range keys {
		switch {
		case len(k) == 0:
			w.problem(where, "key %d is empty", i)
		case i > 0 && bytes.Compare(keys[i-1], k) >= 0, i == 0 && bytes.Compare(low, k) > 0:
			w.problem(where, "key %d is out of order", i)
		case high != nil && bytes.Compare(k, high) >= 0:
			w.problem(where, "key %d belongs on a later page", i)
		default:
			continue
		}
		return false
	}
	return true
}

// freelist reads the list of free pages.
func (w *pageWalk) freelist(id uint64) {
	where := place(id, "free list")
	page, flags, count, ok := w.page(id, 0, freelistRole, where)
	if !ok {
		return
	}
	if flags != freelistFlag {
		w.problem(where, "it is no list of free pages: flags %#x", flags)
		return
	}
	ids := page[pageHeaderSize:]
	n := uint64(count)
	if count == bigFreelist {
		n, ids = native.Uint64(ids), ids[8:]
	}
	if n > uint64(len(ids)/8) {
		w.problem(where, "it counts %d pages", n)
		return
	}
	for i := range n {
		if !w.claim(native.Uint64(ids[8*i:]), 1, freeRole, where) {
			return
		}
	}
}
