package zalo

import (
	"github.com/prometheus/client_golang/prometheus"
)

// Metrics are what /metrics shows of the channel.
type Metrics struct {
	events *prometheus.CounterVec
	sends  *prometheus.CounterVec
	quota  prometheus.Gauge
	alert  prometheus.Gauge
}

// The ways a message goes to a person (section 8).
const (
	routeFree          = "free"           // within 48 hours of what they wrote, or an answer
	routeQuota         = "quota"          // within 7 days
	routeTemplateUID   = "template_uid"   // paid
	routeTemplatePhone = "template_phone" // paid
)

// NewMetrics registers the channel's metrics.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		events: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "lensan_zalo_events_total", Help: "Signed webhook events by name; \"unknown\" are those we do not know."}, []string{"event"}),
		sends:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "lensan_zalo_sends_total", Help: "Messages sent by route: free, quota, template_uid, template_phone."}, []string{"route"}),
		quota:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "lensan_zalo_quota_remaining", Help: "Messages left of the account's quota, as last read; -1: not read."}),
		alert:  prometheus.NewGauge(prometheus.GaugeOpts{Name: "lensan_zalo_alert", Help: "1: Zalo refuses our calls until a person changes something; lensan doctor says what."}),
	}
	m.quota.Set(-1)
	r.MustRegister(m.events, m.sends, m.quota, m.alert)
	return m
}

func (m *Metrics) event(name string) {
	if m == nil {
		return
	}
	m.events.WithLabelValues(eventLabel(name)).Inc()
}

func (m *Metrics) sent(route string) {
	if m != nil {
		m.sends.WithLabelValues(route).Inc()
	}
}

func (m *Metrics) remaining(n int64) {
	if m != nil {
		m.quota.Set(float64(n))
	}
}

func (m *Metrics) alerted(on bool) {
	if m == nil {
		return
	}
	m.alert.Set(0)
	if on {
		m.alert.Set(1)
	}
}
