// Package bottest is what tests are made with: real servers with a database for
// each test, fake platforms, the suite every channel passes, and the transcript
// player. Only tests import it.
package bottest
