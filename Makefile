# What people type; README.md explains it.
.PHONY: run test lint bench

# run starts the demo: no account and no configuration needed.
run:
	@test -n "$$DATABASE_URL" || .dev/install postgres redis || true
	go run ./cmd/lensan

# test is the whole check. A missing server fails it, nothing is skipped.
test:
	@.dev/install postgres redis chromium font compiler
	@unformatted="$$(gofmt -l .)"; test -z "$$unformatted" || { echo "run gofmt -w on:" $$unformatted; exit 1; }
	go vet ./...
	go mod tidy -diff
	go run ./cmd/lensan servers -- go test -race -timeout 15m ./...

lint:
	go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0 run

bench:
	@.dev/install postgres redis
	go run ./cmd/lensan servers -- go test -run '^$$' -bench . -benchmem ./...
