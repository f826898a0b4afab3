// Package trace tells an OpenTelemetry collector what a run did, by OTLP over HTTP:
// a span for the run and one for each part of it that was done. A run knows what
// its parts took, so the spans are made once it has ended; nothing of OpenTelemetry
// is at work before.
package trace

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	api "go.opentelemetry.io/otel/trace"

	"github.com/sanpi-data/sanpi/pipeline"
)

// Wanted says whether the environment names a collector, by the variables of
// OpenTelemetry's specification.
func Wanted(getenv func(string) string) bool {
	if getenv("OTEL_SDK_DISABLED") == "true" || getenv("OTEL_TRACES_EXPORTER") == "none" {
		return false
	}
	return getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != ""
}

// patience is how long a collector that answers badly is asked again.
const patience = 5 * time.Second

// Send sends the spans of a run to the collector that the environment names, which
// the exporter reads for itself. parent is a W3C traceparent, or "".
func Send(ctx context.Context, r pipeline.Report, parent string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithTimeout(patience), otlptracehttp.WithRetry(otlptracehttp.RetryConfig{
		Enabled: true, InitialInterval: patience / 10, MaxInterval: patience / 2, MaxElapsedTime: patience,
	}))
	if err != nil {
		return fmt.Errorf("send traces: %w; look at the variables OTEL_EXPORTER_OTLP_*", err)
	}
	defer exporter.Shutdown(ctx)
	spans, err := Spans(ctx, r, parent)
	if err != nil {
		return err
	}
	if err := exporter.ExportSpans(ctx, spans); err != nil {
		return fmt.Errorf("send traces: %w; is the collector up, and does it take OTLP over HTTP?", err)
	}
	return nil
}

// collected gathers spans, so that a failure to send them has somebody to tell.
type collected struct{ spans []sdk.ReadOnlySpan }

func (c *collected) OnStart(context.Context, sdk.ReadWriteSpan) {}
func (c *collected) OnEnd(s sdk.ReadOnlySpan)                   { c.spans = append(c.spans, s) }
func (c *collected) Shutdown(context.Context) error             { return nil }
func (c *collected) ForceFlush(context.Context) error           { return nil }

// Spans are those of a run, the run's own last.
func Spans(ctx context.Context, r pipeline.Report, parent string) ([]sdk.ReadOnlySpan, error) {
	about, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", "sanpi"), attribute.String("service.version", r.Program)),
		resource.WithFromEnv(), resource.WithTelemetrySDK())
	if err != nil {
		return nil, fmt.Errorf("send traces: %w; look at OTEL_RESOURCE_ATTRIBUTES", err)
	}
	to := &collected{}
	provider := sdk.NewTracerProvider(sdk.WithSpanProcessor(to), sdk.WithResource(about), sdk.WithSampler(sdk.ParentBased(sdk.AlwaysSample())))
	defer provider.Shutdown(ctx)
	tracer := provider.Tracer("github.com/sanpi-data/sanpi", api.WithInstrumentationVersion(r.Program))
	if parent != "" {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": parent})
	}
	ctx, whole := tracer.Start(ctx, "sanpi run", api.WithTimestamp(r.Started), api.WithAttributes(
		attribute.String("sanpi.run", r.Run), attribute.String("sanpi.status", r.Status), attribute.String("sanpi.version", r.Version),
		attribute.StringSlice("sanpi.campaigns", r.Campaigns), attribute.Int("sanpi.rows.read", r.Rows.Read),
		attribute.Int("sanpi.rows.loaded", r.Rows.Loaded), attribute.Int("sanpi.rows.quarantined", r.Rows.Quarantined),
	))
	for _, s := range r.Steps {
		if s.Began.IsZero() {
			continue // it was taken over, and took no time
		}
		_, span := tracer.Start(ctx, s.Kind+" "+s.Name, api.WithTimestamp(s.Began), api.WithAttributes(
			attribute.String("sanpi.step.kind", s.Kind), attribute.String("sanpi.step.name", s.Name),
			attribute.String("sanpi.step.action", s.Action), attribute.String("sanpi.step.why", s.Why),
		))
		span.End(api.WithTimestamp(s.Began.Add(time.Duration(s.Seconds * float64(time.Second)))))
	}
	for _, s := range r.Stale {
		whole.AddEvent("source failed", api.WithTimestamp(r.Finished), api.WithAttributes(
			attribute.String("sanpi.source", s.Source), attribute.String("error.message", s.Error)))
	}
	if r.Error != "" {
		whole.SetStatus(codes.Error, r.Error)
		whole.SetAttributes(attribute.String("error.type", r.Status))
	}
	whole.End(api.WithTimestamp(r.Finished))
	return to.spans, nil
}
