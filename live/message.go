package live

import (
	"time"

	"medml"
)

// protocolVersion is the version of the messages; both sides must have the same.
const protocolVersion = 1

// request is what a client asks. Do is one of the names below; the other fields are empty
// where it has no use for them.
type request struct {
	Do      string `json:"do"`
	Version int    `json:"version,omitempty"` // of hello
	// Study is whom pause, resume and stop mean; Number a trial of it, nil for all.
	Study  string `json:"study,omitempty"`
	Number *int   `json:"number,omitempty"`
	// Since and After are the cursor of the last page, empty before the first.
	Since uint64 `json:"since,omitempty"`
	After int    `json:"after,omitempty"`
	// Have are the running trials that the client has.
	Have []have `json:"have,omitempty"`
}

// What can be asked.
const (
	doHello    = "hello"
	doSnapshot = "snapshot"
	doPause    = "pause"
	doResume   = "resume"
	doStop     = "stop"
)

// have says that a client has so many epochs of a running trial, of that generation.
type have struct {
	Number     int    `json:"number"`
	Generation uint64 `json:"generation"`
	Epochs     int    `json:"epochs"`
}

// reply is the answer: one of its fields.
type reply struct {
	Hello *hello  `json:"hello,omitempty"`
	Page  *page   `json:"page,omitempty"`
	Done  bool    `json:"done,omitempty"`
	Error *refuse `json:"error,omitempty"`
}

// hello says who serves what.
type hello struct {
	Version int    `json:"version"`
	Study   string `json:"study"`
	PID     int    `json:"pid"`
}

// refuse says why there is no answer. After codeRefused and codeFailed the connection can
// be used further, after the others it is closed.
type refuse struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// The codes of a refusal.
const (
	codeVersion = "version" // the client speaks another one
	codeBad     = "bad"     // not a message, or not in its place
	codeBusy    = "busy"    // too many watch already
	codeRefused = "refused" // the study doesn't do it: the trial isn't running
	codeFailed  = "failed"  // the study can't be read
)

// page is a study as it stands, with those trials that changed after the client's cursor.
// Version and After are the new cursor: the client has all changes up to After in Version.
type page struct {
	Version uint64 `json:"version"`
	After   int    `json:"after"`
	More    bool   `json:"more,omitempty"` // trials are left: ask again

	About      *medml.About     `json:"about,omitempty"` // on the first page alone
	State      medml.StudyState `json:"state"`
	Reason     string           `json:"reason,omitempty"`
	Budget     int              `json:"budget,omitempty"`
	TimeBudget time.Duration    `json:"time_budget_ns,omitempty"`
	Workers    int              `json:"workers,omitempty"`
	Elapsed    time.Duration    `json:"elapsed_ns"`
	Taken      time.Time        `json:"taken,omitzero"`
	Resumed    int              `json:"resumed,omitempty"`
	Total      int              `json:"total"` // trials there are
	Trials     []trial          `json:"trials,omitempty"`
}
