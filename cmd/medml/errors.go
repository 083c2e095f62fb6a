package main

import (
	"context"
	"errors"
	"fmt"

	"medml/dataset"
	"medml/experiments"
	"medml/store"
)

// Exit statuses; the help names them.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
)

// usageError is a mistake in what the user gave, in a line.
type usageError struct{ msg string }

func (e *usageError) Error() string { return e.msg }

func usagef(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// interrupted says that a command was stopped before its end and how to go on.
type interrupted struct{ hint string }

func (e *interrupted) Error() string { return e.hint }

// failure is a result that makes a command fail although it did its work; what there is
// to say has been said.
type failure struct{}

func (failure) Error() string { return "failed" }

// exit prints an error and returns the status it calls for. On a terminal mistakes in a
// file are shown in their line.
func exit(e *env, err error) int {
	w := e.err
	var stopped *interrupted
	var mistakes *experiments.Errors
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &stopped):
		fmt.Fprintln(w, stopped.hint)
		return exitInterrupted
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(w, "medml: interrupted")
		return exitInterrupted
	case errors.As(err, &failure{}):
		return exitFailed
	case errors.As(err, &mistakes):
		if e.errTerminal {
			fmt.Fprint(w, mistakes.Excerpts())
		} else {
			fmt.Fprintln(w, mistakes.Error())
		}
		return exitUsage
	}
	fmt.Fprintln(w, "medml:", err)
	if isUsage(err) {
		return exitUsage
	}
	return exitFailed
}

// isUsage reports whether an error is a mistake in what the user gave.
func isUsage(err error) bool {
	var usage *usageError
	var unknown *store.UnknownStudyError
	var missing *store.NoStoreError
	var cell *dataset.CellError
	var field *dataset.FieldError
	return errors.As(err, &usage) || errors.As(err, &unknown) || errors.As(err, &missing) ||
		errors.As(err, &cell) || errors.As(err, &field)
}
