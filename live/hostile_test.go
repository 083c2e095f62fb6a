package live

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"medml"
)

// scripted is a connection on which everything has been said already.
type scripted struct {
	net.Conn
	in  *bytes.Reader
	out bytes.Buffer
}

func (c *scripted) Read(p []byte) (int, error)     { return c.in.Read(p) }
func (c *scripted) Write(p []byte) (int, error)    { return c.out.Write(p) }
func (*scripted) SetReadDeadline(time.Time) error  { return nil }
func (*scripted) SetWriteDeadline(time.Time) error { return nil }

// spoken is what a server answers to bytes.
func spoken(t testing.TB, server *Server, sent []byte) []reply {
	t.Helper()
	c := &scripted{in: bytes.NewReader(sent)}
	server.converse(c)
	var out []reply
	for {
		body, err := readFrame(&c.out, maxReply)
		if errors.Is(err, io.EOF) {
			return out
		}
		var r reply
		if err := errors.Join(err, decode(body, &r)); err != nil {
			t.Fatalf("the answer %s: %v", body, err)
		}
		out = append(out, r)
	}
}

func frames(bodies ...string) []byte {
	var b bytes.Buffer
	for _, body := range bodies {
		writeFrame(&b, []byte(body), maxReply)
	}
	return b.Bytes()
}

const helloText = `{"do":"hello","version":1}`

func TestBadMessagesAreAnsweredAndEndTheConversation(t *testing.T) {
	server, _ := opened(t, idle(), usual)
	for _, c := range []struct {
		name  string
		sent  []byte
		code  string
		hears string
	}{
		{"no JSON", frames("hello"), codeBad, "not a request"},
		{"an unknown field", frames(`{"do":"hello","version":1,"token":"x"}`), codeBad, "unknown field"},
		{"another type", frames(`{"do":7}`), codeBad, "not a request"},
		{"two values", frames(helloText + helloText), codeBad, "more than one value"},
		{"nothing", frames(""), codeBad, "not a request"},
		{"too long", binary.BigEndian.AppendUint32(nil, maxRequest+1), codeBad, "message too long: 65537 bytes"},
		{"another version", frames(`{"do":"hello","version":2}`), codeVersion, "version 1 of the protocol, not 2"},
		{"no greeting", frames(`{"do":"snapshot"}`), codeBad, "the first request is hello"},
		{"a second greeting", frames(helloText, helloText), codeBad, "out of place"},
		{"an unknown wish", frames(helloText, `{"do":"format"}`), codeBad, `"format" can't be asked`},
		{"a number below 0", frames(helloText, `{"do":"stop","study":"diagnosis","number":-1}`), codeBad, "-1 is no trial's number"},
		{"another study", frames(helloText, `{"do":"stop","study":"other"}`), codeRefused, "study other isn't running here, but diagnosis is"},
	} {
		got := spoken(t, server, append(c.sent, frames(`{"do":"snapshot"}`)...))
		at := 0
		for at < len(got) && got[at].Error == nil {
			at++
		}
		if at == len(got) || got[at].Error.Code != c.code || !strings.Contains(got[at].Error.Message, c.hears) {
			t.Errorf("%s: answered with %+v", c.name, got)
			continue
		}
		if goesOn := len(got) > at+1; goesOn != (c.code == codeRefused) {
			t.Errorf("%s: the conversation goes on: %v", c.name, goesOn)
		}
	}
}

func TestAMessageThatStopsInTheMiddleIsNotWaitedFor(t *testing.T) {
	l := usual
	l.patient = 20 * time.Millisecond
	server, _ := opened(t, idle(), l)
	conn, err := connect(server.dir, patience)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	whole := frames(helloText)
	if _, err := conn.Write(whole[:len(whole)-3]); err != nil {
		t.Fatal(err)
	}
	conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	if n, err := conn.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("read %d bytes, %v", n, err)
	}
}

func TestAClientThatSaysNothingIsNotWaitedForLong(t *testing.T) {
	l := usual
	l.idle = 20 * time.Millisecond
	server, c := opened(t, idle(), l)
	eventually(t, "the idle client is cut off", func() bool {
		server.mu.Lock()
		defer server.mu.Unlock()
		return len(server.conns) == 0
	})
	snapshot(t, c) // it calls again
}

// FuzzServer holds the server to answers that are messages, whatever it is sent.
func FuzzServer(f *testing.F) {
	st := idle()
	st.s.Trials = []medml.Trial{ended(0), {Number: 1, State: medml.Running}}
	for _, text := range []string{
		`{"do":"snapshot"}`, `{"do":"snapshot","since":1,"after":0,"have":[{"number":1,"generation":1,"epochs":9}]}`,
		`{"do":"pause","study":"diagnosis"}`, `{"do":"stop","study":"diagnosis","number":3}`, `{"do":"snapshot","since":18446744073709551615,"after":-1}`, `[]`, `null`,
	} {
		f.Add(frames(helloText, text, text))
	}
	f.Add([]byte{0, 0, 0, 200, 'x'})
	dir := private(f)
	server, err := Serve(dir, "diagnosis", st, st)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { server.Close() })
	f.Fuzz(func(t *testing.T, sent []byte) {
		for _, r := range spoken(t, server, sent) {
			if r.Error != nil && strings.Contains(r.Error.Message, "panic") {
				t.Errorf("answered with %+v", r.Error)
			}
			if r.Hello == nil && r.Page == nil && !r.Done && r.Error == nil {
				t.Error("an answer says nothing")
			}
		}
	})
}

// FuzzClient holds a client to an error or a snapshot that makes sense, whatever it is
// answered.
func FuzzClient(f *testing.F) {
	greeting := `{"hello":{"version":1,"study":"diagnosis","pid":7}}`
	first := `{"page":{"version":1,"after":1,"about":{"study":"diagnosis"},"state":"running","elapsed_ns":1,"total":2,"trials":[` +
		`{"number":1,"state":"running","value":null,"ci_low":null,"ci_high":"inf","generation":1,"runs":[{"fold":0,"value":null,"epochs":[[1,2,3,4,5]]}]},` +
		`{"number":0,"state":"complete","value":1,"ci_low":null,"ci_high":"-inf"}]}}`
	next := `{"page":{"version":2,"after":2,"state":"running","elapsed_ns":1,"total":2,"trials":[` +
		`{"number":1,"state":"running","value":null,"ci_low":null,"ci_high":null,"generation":1,"skipped":1,"runs":[{"fold":0,"value":null,"epochs":[[2,2,3,4,5]]}]}]}}`
	f.Add(frames(greeting, first, next))
	f.Add(frames(greeting, `{"page":{"version":1,"after":0,"more":true,"state":"running","elapsed_ns":0,"total":1000000000}}`))
	f.Add(frames(greeting, `{"error":{"code":"failed","message":"x"}}`, `{"done":true}`))
	f.Add(frames(`{}`))
	f.Add([]byte{255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, answers []byte) {
		in := bytes.NewReader(answers)
		var k known
		for {
			body, err := readFrame(in, maxReply)
			if err != nil {
				return
			}
			var r reply
			if decode(body, &r) != nil || r.Page == nil {
				continue
			}
			if k.take(r.Page) != nil {
				k = known{} // as after a connection that is lost
				continue
			}
			_ = k.have()
			if r.Page.More {
				continue
			}
			for i, tr := range k.snapshot(r.Page).Trials {
				if tr.Number != i {
					t.Fatalf("trial %d stands in the place of %d", tr.Number, i)
				}
			}
		}
	})
}

func TestAServerThatLiesIsNotBelieved(t *testing.T) {
	whole := func(change func(*page)) *page {
		a := about()
		p := &page{Version: 1, About: &a, Total: 1, Trials: []trial{toTrial(ended(0))}}
		change(p)
		return p
	}
	for name, p := range map[string]*page{
		"no study":               whole(func(p *page) { p.About = nil }),
		"a trial too many":       whole(func(p *page) { p.Trials[0].Number = 1 }),
		"a negative number":      whole(func(p *page) { p.Trials[0].Number = -1 }),
		"a trial missing":        whole(func(p *page) { p.Total = 2 }),
		"epochs out of nothing":  whole(func(p *page) { p.Trials[0].Skipped = 3 }),
		"an empty page and more": whole(func(p *page) { p.More, p.Trials = true, nil }),
	} {
		var k known
		if k.take(p) == nil {
			t.Errorf("%s: believed", name)
		}
	}
	k := known{}
	if err := k.take(whole(func(*page) {})); err != nil {
		t.Fatal(err)
	}
	if k.take(&page{Version: 2}) == nil {
		t.Error("a trial that is gone: believed")
	}
}

func TestEveryExampleOfTheDocumentIsAMessage(t *testing.T) {
	text := documented(t)
	requests, replies := 0, 0
	for _, line := range strings.Split(text, "\n") {
		if !strings.HasPrefix(line, "{") {
			continue
		}
		if strings.HasPrefix(line, `{"do"`) {
			requests++
			if err := decode([]byte(line), new(request)); err != nil {
				t.Errorf("%s: %v", line, err)
			}
			continue
		}
		replies++
		var r reply
		if err := decode([]byte(line), &r); err != nil {
			t.Errorf("%s: %v", line, err)
		} else if b, err := json.Marshal(r); err != nil || len(b) != len(line) {
			t.Errorf("%s would be written as %s", line, b)
		}
	}
	if requests < 6 || replies < 5 {
		t.Errorf("%d requests and %d replies are documented", requests, replies)
	}
}
