package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"medml"
)

// converse answers a client until it leaves, errs or doesn't read. A panic of what is
// served ends the conversation, not the sweep.
func (s *Server) converse(c net.Conn) {
	defer func() {
		if p := recover(); p != nil {
			s.send(c, refused(codeFailed, fmt.Errorf("panic: %v", p)))
		}
	}()
	for greeted := false; ; greeted = true {
		req, err := s.receive(c)
		if errors.Is(err, errBad) {
			s.send(c, refused(codeBad, err))
		}
		if err != nil {
			return
		}
		answer := s.answer(req, greeted)
		if !s.send(c, answer) || answer.Error != nil && closes(answer.Error.Code) {
			return
		}
	}
}

// errBad is wrapped by the error of a message that is no request.
var errBad = errors.New("not a request")

// turnAway tells a client that there are too many.
func (s *Server) turnAway(c net.Conn) {
	s.send(c, refused(codeBusy, fmt.Errorf("%d others watch already", s.limits.clients)))
}

// receive reads a request.
func (s *Server) receive(c net.Conn) (req request, err error) {
	if err := c.SetReadDeadline(time.Now().Add(s.limits.idle)); err != nil {
		return req, err
	}
	// Once a message has begun, the rest follows soon.
	body, err := readFrame(&begun{c, s.limits.patient, false}, maxRequest)
	if err == nil {
		if err = decode(body, &req); err == nil {
			return req, nil
		}
	} else if !errors.Is(err, errTooLong) {
		return req, err
	}
	return req, fmt.Errorf("%w: %w", errBad, err)
}

// begun reads a connection and shortens its deadline at the first byte.
type begun struct {
	net.Conn
	patient time.Duration
	did     bool
}

func (b *begun) Read(p []byte) (int, error) {
	n, err := b.Conn.Read(p)
	if n > 0 && !b.did {
		b.did = true
		if err := b.Conn.SetReadDeadline(time.Now().Add(b.patient)); err != nil {
			return n, err
		}
	}
	return n, err
}

// send writes an answer and reports whether the client took it.
func (s *Server) send(c net.Conn, r reply) bool {
	body, err := json.Marshal(r)
	if err == nil && len(body) > maxReply {
		err = fmt.Errorf("%w: %d bytes", errTooLong, len(body))
	}
	if err != nil {
		if body, err = json.Marshal(refused(codeFailed, err)); err != nil {
			return false
		}
	}
	if c.SetWriteDeadline(time.Now().Add(s.limits.patient)) != nil {
		return false
	}
	return writeFrame(c, body, maxReply) == nil
}

func refused(code string, err error) reply { return reply{Error: &refuse{code, err.Error()}} }

func closes(code string) bool { return code != codeRefused && code != codeFailed }

// answer does what a request asks. The first is a hello, the only one.
func (s *Server) answer(req request, greeted bool) reply {
	switch {
	case greeted == (req.Do == doHello):
		return refused(codeBad, fmt.Errorf("%s is out of place: the first request is hello, and no other", quoted(req.Do)))
	case req.Do == doHello && req.Version != protocolVersion:
		return refused(codeVersion, fmt.Errorf("the sweep speaks version %d of the protocol, not %d", protocolVersion, req.Version))
	case req.Do == doHello:
		return reply{Hello: &hello{protocolVersion, s.study, os.Getpid()}}
	case req.Do == doSnapshot:
		return s.page(req)
	}
	act := map[string]func(int) error{doPause: s.control.Pause, doResume: s.control.Resume, doStop: s.control.Stop}[req.Do]
	if act == nil {
		return refused(codeBad, fmt.Errorf("%s can't be asked", quoted(req.Do)))
	}
	if req.Study != s.study {
		return refused(codeRefused, fmt.Errorf("study %s isn't running here, but %s is", req.Study, s.study))
	}
	number := medml.WholeStudy
	if req.Number != nil {
		if number = *req.Number; number < 0 {
			return refused(codeBad, fmt.Errorf("%d is no trial's number", number))
		}
	}
	if err := act(number); err != nil {
		return refused(codeRefused, err)
	}
	s.changes.stale()
	return reply{Done: true}
}

func quoted(s string) string { return fmt.Sprintf("%.40q", s) }

// page answers a request for the study as it stands.
func (s *Server) page(req request) reply {
	snap, version, list, err := s.changes.since(req.Since, req.After)
	if err != nil {
		return refused(codeFailed, err)
	}
	p := page{
		Version: version, After: len(snap.Trials), State: snap.State, Reason: snap.Reason,
		Budget: snap.Budget, TimeBudget: snap.TimeBudget, Workers: snap.Workers, Elapsed: snap.Elapsed,
		Taken: snap.Taken, Resumed: snap.Resumed, Total: len(snap.Trials),
	}
	if req.Since == 0 {
		p.About = &snap.About
	}
	size := 0
	for i, c := range list {
		t := told(c, req.Have)
		p.Trials = append(p.Trials, t)
		if size += weight(t); size >= s.limits.page && i < len(list)-1 {
			p.Version, p.After, p.More = c.version, c.trial.Number, true
			break
		}
	}
	return reply{Page: &p}
}

// told is a trial as a client is told of it: what it lacks of a running one that it has.
func told(c change, list []have) trial {
	if c.trial.State != medml.Running {
		return toTrial(c.trial)
	}
	t := c.trial
	skipped := 0
	for _, h := range list {
		if h.Number == t.Number && h.Generation == c.generation && h.Epochs > 0 && h.Epochs <= t.Epochs() {
			skipped = h.Epochs
			t.Runs = rest(t.Runs, skipped)
		}
	}
	out := toTrial(t)
	out.Generation, out.Skipped = c.generation, skipped
	return out
}

// weight estimates how many bytes a trial takes in a page.
func weight(t trial) int {
	n := 300 + 40*len(t.Params)
	add := func(rs []run) {
		for _, r := range rs {
			n += 120 + 80*len(r.Epochs) + 40*len(r.Measures)
		}
	}
	add(t.Runs)
	for _, r := range t.Repeats {
		n += 200
		add(r.Runs)
	}
	return n
}
