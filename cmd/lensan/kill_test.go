package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"lensan/bot/bottest"
)

// `make kill` runs these tests at full length; without flags they are short.
var (
	kills      = flag.Int("kills", 8, "how often TestKill kills the program")
	copies     = flag.Int("replicas", 2, "replicas of the program: 1 or 2; 0: both in turn")
	households = flag.Int("households", 8, "households that work at the same time")
	outage     = flag.Duration("outage", 3*time.Second, "how long the servers are away in TestOutage…")
	seedFlag   = flag.Uint64("seed", 0, "of the households and the moments of killing; 0: a new one")
)

// seed is the seed of a test, which it prints.
func seed(t *testing.T) uint64 {
	n := *seedFlag
	if n == 0 {
		n = rand.Uint64()
	}
	t.Logf("-seed %d", n)
	return n
}

// eachCopies runs a test with one and with two replicas, as -replicas says.
func eachCopies(t *testing.T, test func(t *testing.T, n int)) {
	for n := 1; n <= 2; n++ {
		if *copies == 0 || *copies == n {
			t.Run(fmt.Sprintf("replicas=%d", n), func(t *testing.T) {
				t.Parallel()
				test(t, n)
			})
		}
	}
}

// TestKill kills the program (kill -9) at random moments while households
// register products, and starts it again at once. With two replicas one is
// killed at a time.
func TestKill(t *testing.T) {
	t.Parallel()
	eachCopies(t, func(t *testing.T, n int) {
		seed := seed(t)
		postgres, redis, fake := bottest.Database(t), bottest.Redis(t), bottest.NewTelegram(t)
		var replicas []*replica
		for range n {
			replicas = append(replicas, newReplica(t, postgres, redis, fake))
		}
		l := newLoad(t, seed, fake, replicas...)
		l.begin(*households)
		random := rand.New(rand.NewPCG(seed, 0))
		began := time.Now()
		for range *kills {
			time.Sleep(time.Duration(50+random.IntN(650)) * time.Millisecond)
			r := replicas[random.IntN(n)]
			r.kill()
			r.start()
		}
		t.Logf("killed %d times in %s", *kills, time.Since(began).Round(time.Second))
		l.end()
		l.check(postgres)
	})
}
