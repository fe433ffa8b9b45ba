package zalo

import (
	"maps"
	"slices"

	"lensan/bot"
)

// Events are the events of use to us: those to be switched on in the console of
// the app (reference zalo.md section 13.1).
func Events() []string {
	wanted := maps.Clone(events)
	maps.DeleteFunc(wanted, func(_ string, read func(*event) []bot.Message) bool { return read == nil })
	return slices.Sorted(maps.Keys(wanted))
}
