package live

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"medml"
)

// ErrNotServed says that no process serves a study in a folder.
var ErrNotServed = errors.New("no sweep is running there")

// RefusedError is what a running study says instead of doing what it was asked.
type RefusedError struct{ Message string }

// Error returns what it said.
func (e *RefusedError) Error() string { return e.Message }

// patience is how long a client waits for an answer.
const patience = 5 * time.Second

// Client is a connection to a running study. Its methods may be called from several
// goroutines. A connection that is lost is made again when it is next needed.
type Client struct {
	dir string

	mu    sync.Mutex
	conn  net.Conn // nil while there is none
	in    *bufio.Reader
	hello hello
	known known
}

var _ medml.Control = (*Client)(nil)

// Dial connects to the process that serves a study in dir, the folder of its store. It
// returns ErrNotServed where there is none.
func Dial(dir string) (*Client, error) {
	c := &Client{dir: dir}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.dial(); err != nil {
		return nil, err
	}
	return c, nil
}

// Study returns the name of the study that is served.
func (c *Client) Study() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.hello.Study
}

// PID returns the number of the process that serves it.
func (c *Client) PID() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.hello.PID
}

// Close ends the connection.
func (c *Client) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hangUp()
	return nil
}

// Snapshot returns the study as it stands. What hasn't changed since the last call isn't
// sent again.
func (c *Client) Snapshot() (medml.Snapshot, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		p, err := c.askPage()
		if err != nil {
			return medml.Snapshot{}, err
		}
		if err := c.known.take(p); err != nil {
			c.hangUp()
			return medml.Snapshot{}, fmt.Errorf("reading study %s from process %d: %w", c.hello.Study, c.hello.PID, err)
		}
		if !p.More {
			return c.known.snapshot(p), nil
		}
	}
}

// askPage asks for what has changed, once more where the connection was lost meanwhile.
func (c *Client) askPage() (*page, error) {
	old := c.conn != nil
	if err := c.connected(); err != nil {
		return nil, err
	}
	r, err := c.ask(request{Do: doSnapshot, Since: c.known.version, After: c.known.after, Have: c.known.have()})
	switch {
	case err != nil && old && c.conn == nil:
		return c.askPage()
	case err != nil:
		return nil, err
	case r.Page == nil:
		return nil, c.strange("a page")
	}
	return r.Page, nil
}

// Pause holds a trial up, or with medml.WholeStudy the study.
func (c *Client) Pause(number int) error { return c.act(doPause, number) }

// Resume lets it go on.
func (c *Client) Resume(number int) error { return c.act(doResume, number) }

// Stop prunes a trial, or ends the session of the study.
func (c *Client) Stop(number int) error { return c.act(doStop, number) }

func (c *Client) act(do string, number int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.connected(); err != nil {
		return err
	}
	req := request{Do: do, Study: c.hello.Study}
	if number != medml.WholeStudy {
		req.Number = &number
	}
	r, err := c.ask(req)
	if err == nil && !r.Done {
		err = c.strange("done")
	}
	return err
}

// connected makes the connection again if it is lost. Another study under the same roof
// isn't that which was dialled.
func (c *Client) connected() error {
	if c.conn != nil {
		return nil
	}
	was := c.hello
	if err := c.dial(); err != nil {
		return err
	}
	if was.Study != c.hello.Study {
		c.hangUp()
		c.hello = was
		return ErrNotServed
	}
	return nil
}

func (c *Client) dial() error {
	conn, err := connect(c.dir, patience)
	if errors.Is(err, ErrNotServed) {
		return err
	} else if err != nil {
		return fmt.Errorf("connecting to the sweep in %s: %w", c.dir, err)
	}
	c.conn, c.in, c.known = conn, bufio.NewReader(conn), known{}
	r, err := c.ask(request{Do: doHello, Version: protocolVersion})
	if err != nil {
		return err
	}
	if r.Hello == nil || r.Hello.Version != protocolVersion {
		return c.strange("a greeting")
	}
	c.hello = *r.Hello
	return nil
}

// ask sends a request and returns the answer. After an error that isn't a refusal the
// connection is gone.
func (c *Client) ask(req request) (reply, error) {
	r, err := c.exchange(req)
	if err != nil {
		c.hangUp()
		return r, fmt.Errorf("asking the sweep in %s: %w", c.dir, err)
	}
	if r.Error == nil {
		return r, nil
	}
	if closes(r.Error.Code) {
		c.hangUp()
	}
	return r, &RefusedError{r.Error.Message}
}

func (c *Client) exchange(req request) (r reply, err error) {
	body, err := json.Marshal(req)
	if err != nil {
		return r, err
	}
	if err := c.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return r, err
	}
	// A server that is busy has answered and gone before it reads this.
	sent := writeFrame(c.conn, body, maxRequest)
	if body, err = readFrame(c.in, maxReply); err != nil {
		return r, errors.Join(sent, err)
	}
	return r, decode(body, &r)
}

func (c *Client) strange(want string) error {
	c.hangUp()
	return fmt.Errorf("asking the sweep in %s: the answer isn't %s", c.dir, want)
}

func (c *Client) hangUp() {
	if c.conn != nil {
		_ = c.conn.Close()
		c.conn = nil
	}
}
