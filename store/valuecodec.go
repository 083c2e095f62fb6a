package store

import "medml"

func (e *encoder) putParams(params medml.Params) {
	e.count(len(params))
	for _, p := range params {
		e.string(p.Name)
		e.putValue(p.Value)
	}
}

func (d *decoder) params() medml.Params {
	n := d.count(4 + 1)
	if n == 0 {
		return nil
	}
	params := make(medml.Params, n)
	for i := range params {
		params[i] = medml.Setting{Name: d.word(), Value: d.value()}
	}
	return params
}

// uint32 reads a count of what isn't in this record.
func (d *decoder) uint32() int {
	b := d.take(4)
	return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 | int(b[3])<<24
}

func (e *encoder) putValue(v medml.Value) {
	e.byte(byte(v.Kind()))
	switch v.Kind() {
	case medml.FloatKind:
		e.float(v.Float())
	case medml.IntKind:
		e.int(v.Int())
	case medml.BoolKind:
		e.byte(byte(v.Float()))
	case medml.StringKind:
		e.string(v.String())
	}
}

func (d *decoder) value() medml.Value {
	switch kind := medml.ValueKind(d.byte()); kind {
	case medml.NoneKind:
		return medml.Value{}
	case medml.FloatKind:
		return medml.FloatValue(d.float())
	case medml.IntKind:
		n := d.int()
		v := medml.IntValue(n)
		if v.Int() != n {
			d.fail("a whole number is %d", n)
		}
		return v
	case medml.BoolKind:
		b := d.byte()
		if b > 1 {
			d.fail("a truth value is %d", b)
		}
		return medml.BoolValue(b == 1)
	case medml.StringKind:
		return medml.StringValue(d.word())
	default:
		d.fail("a parameter's value has kind %d", kind)
		return medml.Value{}
	}
}
