package live

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"medml"
)

// limits are how long and how many a server bears.
type limits struct {
	idle    time.Duration // between two requests of a client
	patient time.Duration // for the rest of a message, to arrive or to be taken
	clients int
	page    int // bytes of trials after which a page ends
}

var usual = limits{idle: time.Minute, patient: 5 * time.Second, clients: 64, page: 1 << 20}

// Server serves a running study until it is closed.
type Server struct {
	dir, study string
	changes    changes
	control    medml.Control
	limits     limits
	listener   net.Listener

	mu     sync.Mutex
	conns  map[net.Conn]bool
	closed chan struct{}
	work   sync.WaitGroup
}

// Serve begins to serve a study on the socket medml.sock (0600) in dir, which others may
// not write to. The caller holds the store's lock on dir: a socket that is there already
// was left by a process that died, and is replaced.
func Serve(dir, study string, src Source, control medml.Control) (*Server, error) {
	return serve(dir, study, src, control, usual)
}

func serve(dir, study string, src Source, control medml.Control, l limits) (*Server, error) {
	listener, err := listen(dir)
	if err != nil {
		return nil, fmt.Errorf("serving study %s in %s: %w", study, dir, plain(err))
	}
	s := &Server{
		dir: dir, study: study, changes: changes{src: src}, control: control, limits: l,
		listener: listener, conns: map[net.Conn]bool{}, closed: make(chan struct{}),
	}
	s.work.Go(s.accept)
	return s, nil
}

// Close ends all connections and removes the socket. Closing it again does nothing.
func (s *Server) Close() error {
	s.mu.Lock()
	select {
	case <-s.closed:
		s.mu.Unlock()
		return nil
	default:
	}
	close(s.closed)
	err := errors.Join(os.Remove(socketPath(s.dir)), s.listener.Close())
	for c := range s.conns {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.work.Wait()
	if err != nil {
		return fmt.Errorf("ending to serve study %s: %w", s.study, err)
	}
	return nil
}

// accept takes clients in until the server is closed.
func (s *Server) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			// Out of descriptors, say: a moment later there may be some.
			select {
			case <-s.closed:
				return
			case <-time.After(50 * time.Millisecond):
				continue
			}
		}
		s.admit(c)
	}
}

// admit gives a client a goroutine of its own, or turns it away.
func (s *Server) admit(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closed:
		_ = c.Close()
		return
	default:
	}
	serve := s.converse
	if len(s.conns) >= s.limits.clients {
		serve = s.turnAway
	}
	if len(s.conns) >= 2*s.limits.clients {
		_ = c.Close()
		return
	}
	s.conns[c] = true
	s.work.Go(func() {
		defer s.forget(c)
		serve(c)
	})
}

func (s *Server) forget(c net.Conn) {
	_ = c.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

// plain strips what the message around it says anyway from a system's error.
func plain(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}
