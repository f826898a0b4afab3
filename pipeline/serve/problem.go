package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
)

// Refusal is why a request has no result: a code that programs may rely on, and a
// message that says what to do.
type Refusal struct {
	Code    string `json:"code"`
	Message string `json:"message"`

	retryAfter int // seconds; 0 for never
}

func (r *Refusal) Error() string { return r.Message }

// codes are all codes of refusals and the status that goes with each. openapi.json lists
// them too.
var codes = map[string]int{
	"bad_request":      http.StatusBadRequest,
	"bad_sql":          http.StatusBadRequest,
	"not_allowed":      http.StatusForbidden,
	"not_found":        http.StatusNotFound,
	"wrong_method":     http.StatusMethodNotAllowed,
	"not_acceptable":   http.StatusNotAcceptable,
	"too_long":         http.StatusRequestEntityTooLarge,
	"wrong_media_type": http.StatusUnsupportedMediaType,
	"result_too_large": http.StatusUnprocessableEntity,
	"out_of_memory":    http.StatusUnprocessableEntity,
	"too_slow":         http.StatusUnprocessableEntity,
	"too_many":         http.StatusTooManyRequests,
	"busy":             http.StatusServiceUnavailable,
	"unavailable":      http.StatusServiceUnavailable,
	"failed":           http.StatusInternalServerError,
}

func refuse(code, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Message: fmt.Sprintf(format, args...)}
}

// refusalOf is what a client is told of an error: one that is no refusal is failed, without
// its words, which are for the log.
func refusalOf(err error) *Refusal {
	var r *Refusal
	if errors.As(err, &r) {
		return r
	}
	return refuse("failed", "the server could not answer; its operator finds the reason in the log")
}

// left is the refusal to a client that has gone: nobody reads it, and in the metrics it must
// not look like a fault of the server's.
var left = &Refusal{Code: "left", Message: "the client has left"}

// status is that of the refusal's code, and nginx's for who left.
func (r *Refusal) status() int {
	if r == left {
		return 499
	}
	return codes[r.Code]
}

// retry says when to ask again, if ever.
func (r *Refusal) retry(h http.Header) {
	if r.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(r.retryAfter))
	}
}

// write answers with the refusal as {"error": {"code", "message"}}.
func (r *Refusal) write(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", mediaTypes[".json"])
	h.Set("Cache-Control", "no-store")
	r.retry(h)
	w.WriteHeader(r.status())
	json.NewEncoder(w).Encode(map[string]*Refusal{"error": r}) // a client that left hears nothing
}
