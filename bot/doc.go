// Package bot is how a conversation works: messages come in from channels, one
// turn at a time is run for each chat, and replies go out in order. It knows
// nothing of OCOP; what the bot says and does is a [Script], written in package
// flows.
//
// The way of a message: [Bot.Webhook] stores it and answers the platform; the
// chat's lane runs it as a turn (turn.go) by calling the flow the chat is in
// with a [Talk] (talk.go); the turn is committed in one piece; the chat's
// sending lane (send.go) hands the replies to the channel.
package bot
