package main

import "context"

// untilCancelled returns what work returns, or ctx's error as soon as it is cancelled. Work
// that knows no context, such as a bootstrap, then runs on until the process ends, which is
// at once: the caller says so and returns.
func untilCancelled(ctx context.Context, work func() error) error {
	done := make(chan error, 1)
	go func() { done <- work() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
