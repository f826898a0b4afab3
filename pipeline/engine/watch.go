package engine

import (
	"context"
	"time"
)

type watcher struct{}

// Watch has Build and Check tell when each model or check began, once it is done.
// They do so on several goroutines.
func Watch(ctx context.Context, done func(m Model, began time.Time)) context.Context {
	return context.WithValue(ctx, watcher{}, done)
}

// watched is what to call at the end of a model or check that begins now.
func watched(ctx context.Context, m Model) func() {
	done, ok := ctx.Value(watcher{}).(func(Model, time.Time))
	if !ok {
		return func() {}
	}
	began := time.Now()
	return func() { done(m, began) }
}
