package live_test

import (
	"fmt"
	"log"
	"os"

	"medml"
	"medml/live"
)

// study stands for a medml.Executor, which is a Source and a Control.
type study struct{ state medml.StudyState }

func (s *study) Snapshot() (medml.Snapshot, error) {
	return medml.Snapshot{About: medml.About{Study: "diagnosis"}, State: s.state}, nil
}
func (s *study) Pause(int) error  { s.state = medml.StudyPaused; return nil }
func (s *study) Resume(int) error { s.state = medml.StudyRunning; return nil }
func (s *study) Stop(int) error   { s.state = medml.StudyInterrupted; return nil }

func Example() {
	dir, err := os.MkdirTemp("", "medml")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	// The process that sweeps:
	running := &study{medml.StudyRunning}
	server, err := live.Serve(dir, "diagnosis", running, running)
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()

	// Another terminal:
	client, err := live.Dial(dir)
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	if err := client.Pause(medml.WholeStudy); err != nil {
		log.Fatal(err)
	}
	s, err := client.Snapshot()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.Study(), "is", s.State)
	// Output: diagnosis is paused
}
