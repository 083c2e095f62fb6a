package f32

// Cell is the size of a recurrent step: N rows of U units, whose gates stand side by side
// in a row.
type Cell struct{ N, U int }

// LSTM makes a step of long short-term memory. It adds bias [4U] to the sums z [N, 4U] of
// the gates i, f, g, o, turns them into their values, and sets
//
//	c = f·before + i·g,  tanhC = tanh c,  h = o·tanhC
//
// all [N, U], the rows of h ldh apart.
func LSTM(s Cell, z, bias, before, c, tanhC, h []float32, ldh int) {
	if s.N == 0 {
		return
	}
	n := s.N * s.U
	z, bias, before, c, tanhC, h = z[:4*n], bias[:4*s.U], before[:n], c[:n], tanhC[:n], h[:(s.N-1)*ldh+s.U]
	if k := vectors[active].lstm; k != nil {
		k(s.N, s.U, ldh, &z[0], &bias[0], &before[0], &c[0], &tanhC[0], &h[0])
		return
	}
	for r := range s.N {
		row := z[4*r*s.U:]
		for u := range s.U {
			i, f, g, o := &row[u], &row[s.U+u], &row[2*s.U+u], &row[3*s.U+u]
			*i, *f = Sigmoid1(*i+bias[u]), Sigmoid1(*f+bias[s.U+u])
			*g, *o = Tanh1(*g+bias[2*s.U+u]), Sigmoid1(*o+bias[3*s.U+u])
			p := r*s.U + u
			c[p] = FMA(*f, before[p], float32(*i**g))
			tanhC[p] = Tanh1(c[p])
			h[r*ldh+u] = *o * tanhC[p]
		}
	}
}

// LSTMGrad turns the gates of [LSTM] into their sums' gradients, given the gradient dh of
// the state; and dc, the gradient of the cell's state by the steps after it, into that by
// this step too, of the cell's state before it.
func LSTMGrad(s Cell, z, dh, dc, before, tanhC []float32) {
	if s.N == 0 {
		return
	}
	n := s.N * s.U
	z, dh, dc, before, tanhC = z[:4*n], dh[:n], dc[:n], before[:n], tanhC[:n]
	if k := vectors[active].lstmBack; k != nil {
		k(s.N, s.U, &z[0], &dh[0], &dc[0], &before[0], &tanhC[0])
		return
	}
	for r := range s.N {
		row := z[4*r*s.U:]
		for u := range s.U {
			pi, pf, pg, po := &row[u], &row[s.U+u], &row[2*s.U+u], &row[3*s.U+u]
			i, f, g, o := *pi, *pf, *pg, *po
			p := r*s.U + u
			d, t := dh[p], tanhC[p]
			dcp := FMA(float32(d*o), FMA(-t, t, 1), dc[p])
			*pi = float32(dcp*g) * FMA(-i, i, i)
			*pf = float32(dcp*before[p]) * FMA(-f, f, f)
			*pg = float32(dcp*i) * FMA(-g, g, 1)
			*po = float32(d*t) * FMA(-o, o, o)
			dc[p] = dcp * f
		}
	}
}

// GRU makes a step of gated recurrent units. It adds bias [3U] to the sums z [N, 3U] of the
// gates r, z, n, and stateBias [U] to q, the state's share of the last gate, and turns the
// sums into the gates' values,
//
//	n = tanh(z_n + r·q),  h = n + z·(before-n)
//
// q, before and h are [N, U].
func GRU(s Cell, z, bias, q, stateBias, before, h []float32) {
	if s.N == 0 {
		return
	}
	n := s.N * s.U
	z, bias, q, stateBias, before, h = z[:3*n], bias[:3*s.U], q[:n], stateBias[:s.U], before[:n], h[:n]
	if k := vectors[active].gru; k != nil {
		k(s.N, s.U, &z[0], &bias[0], &q[0], &stateBias[0], &before[0], &h[0])
		return
	}
	for r := range s.N {
		row := z[3*r*s.U:]
		for u := range s.U {
			reset, keep, fresh := &row[u], &row[s.U+u], &row[2*s.U+u]
			p := r*s.U + u
			*reset, *keep = Sigmoid1(*reset+bias[u]), Sigmoid1(*keep+bias[s.U+u])
			q[p] += stateBias[u]
			*fresh = Tanh1(FMA(*reset, q[p], *fresh+bias[2*s.U+u]))
			h[p] = FMA(*keep, before[p]-*fresh, *fresh)
		}
	}
}

// GRUGrad turns the gates of [GRU] into their sums' gradients and q into its gradient,
// given the gradient dh of the state, which becomes what reaches the state before
// directly, z·dh.
func GRUGrad(s Cell, z, q, dh, before []float32) {
	if s.N == 0 {
		return
	}
	n := s.N * s.U
	z, q, dh, before = z[:3*n], q[:n], dh[:n], before[:n]
	if k := vectors[active].gruBack; k != nil {
		k(s.N, s.U, &z[0], &q[0], &dh[0], &before[0])
		return
	}
	for r := range s.N {
		row := z[3*r*s.U:]
		for u := range s.U {
			pr, pz, pn := &row[u], &row[s.U+u], &row[2*s.U+u]
			reset, keep, fresh := *pr, *pz, *pn
			p := r*s.U + u
			d := dh[p]
			dn := float32(d*(1-keep)) * FMA(-fresh, fresh, 1)
			*pr = float32(dn*q[p]) * FMA(-reset, reset, reset)
			*pz = float32(d*(before[p]-fresh)) * FMA(-keep, keep, keep)
			*pn = dn
			q[p] = dn * reset
			dh[p] = d * keep
		}
	}
}
