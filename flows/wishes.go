package flows

import (
	"fmt"

	"lensan/bot/vietnamese"
)

// Wishes finds what people ask for, by the rules of wishes.txt.
func Wishes() (*vietnamese.Matcher, error) {
	m, err := vietnamese.NewMatcher(wishRules)
	if err != nil {
		return nil, fmt.Errorf("flows: wishes.txt: %w", err)
	}
	return m, nil
}
