package telegram

import "context"

// Username is the bot's name in addresses (https://t.me/NAME), as Telegram tells it.
func (c *Channel) Username(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	me, err := c.api.GetMe(ctx)
	if err != nil {
		return "", c.redact(err)
	}
	return me.Username, nil
}
