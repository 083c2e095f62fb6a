package search

// group is the dimensions, by their places in the space, that always occur together: those
// under the same condition, or under none. Dimensions with a single value belong to none.
type group []int

// groupsOf returns the groups of a space in the order of their first dimensions, and the
// place of each dimension's group, -1 for a dimension with a single value.
func groupsOf(dims []dimension) (groups []group, of []int) {
	of = make([]int, len(dims))
	places := map[string]int{}
	for i := range dims {
		of[i] = -1
		if dims[i].distribution == nil {
			continue
		}
		condition := ""
		if dims[i].When != nil {
			condition = dims[i].When.String()
		}
		place, ok := places[condition]
		if !ok {
			place = len(groups)
			places[condition], groups = place, append(groups, nil)
		}
		groups[place] = append(groups[place], i)
		of[i] = place
	}
	return groups, of
}
