package bot

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics are what /metrics shows of the engine.
type Metrics struct {
	registry prometheus.Registerer
	turns    *prometheus.CounterVec
	latency  *prometheus.HistogramVec
	webhooks *prometheus.CounterVec
	sends    *prometheus.HistogramVec
}

// NewMetrics registers the engine's metrics.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		registry: r,
		turns:    prometheus.NewCounterVec(prometheus.CounterOpts{Name: "lensan_turns_total", Help: "Turns by channel and outcome."}, []string{"channel", "outcome"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "lensan_turn_seconds", Help: "From the arrival of a message to the commit of its turn.",
			Buckets: []float64{.002, .005, .01, .02, .05, .1, .2, .5, 1, 2, 5, 10}}, []string{"channel"}),
		webhooks: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "lensan_webhook_messages_total", Help: "Webhook messages by channel and kind, or why they were refused."}, []string{"channel", "kind"}),
		sends: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "lensan_send_seconds", Help: "Sends by channel and result.",
			Buckets: []float64{.005, .02, .1, .5, 1, 5, 10, 30}}, []string{"channel", "result"}),
	}
	r.MustRegister(m.turns, m.latency, m.webhooks, m.sends)
	return m
}

// observe adds what can be read off a running bot.
func (m *Metrics) observe(b *Bot) {
	if m == nil {
		return
	}
	gauge := func(name, help string, f func() int) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return float64(f()) }))
	}
	gauge("lensan_lanes", "Chats with turns to run in this process.", b.lanes.len)
	gauge("lensan_spool_messages", "Messages in this replica's spool.", b.spool.len)
	for name, s := range b.sending {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "lensan_sending_lanes", Help: "Chats with replies to send in this process.",
			ConstLabels: prometheus.Labels{"channel": name}}, func() float64 { return float64(s.lanes.len()) }))
	}
}

func (m *Metrics) turn(channel string, o Outcome, took time.Duration) {
	if m != nil {
		m.turns.WithLabelValues(channel, string(o)).Inc()
		m.latency.WithLabelValues(channel).Observe(took.Seconds())
	}
}

func (m *Metrics) webhook(channel, kind string) {
	if m != nil {
		m.webhooks.WithLabelValues(channel, kind).Inc()
	}
}

func (m *Metrics) sent(channel string, err error, took time.Duration) {
	if m == nil {
		return
	}
	var w *Wait
	result := "refused"
	switch {
	case err == nil:
		result = "sent"
	case errors.As(err, &w):
		result = "wait"
	case errors.Is(err, ErrUnknown):
		result = "unknown"
	case errors.Is(err, ErrGone):
		result = "gone"
	case errors.Is(err, ErrQuota):
		result = "quota"
	case errors.Is(err, ErrWindow):
		result = "window"
	}
	m.sends.WithLabelValues(channel, result).Observe(took.Seconds())
}
