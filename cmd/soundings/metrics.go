package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"soundings/surveys"
)

// metricsPatience is how long the store is asked while metrics are read.
const metricsPatience = 3 * time.Second

// counting makes the set that everything is counted in, nil if no address is set for
// it, and the service that tells it what it does.
func counting(c config, service *surveys.Service) (*surveys.Service, *metrics.Set) {
	if c.metrics == "" {
		return service, nil
	}
	set := metrics.NewSet()
	set.NewGauge(fmt.Sprintf("soundings_build_info{version=%q}", version()), func() float64 { return 1 })
	set.RegisterMetricsWriter(func(w io.Writer) { tellStore(w, service, c) })
	return service.WithWatch(surveys.Watch{
		Kept: func(mode surveys.Mode, repeat bool) {
			set.GetOrCreateCounter(fmt.Sprintf("soundings_submissions_total{mode=%q,repeat=%q}", mode, strconv.FormatBool(repeat))).Inc()
		},
		Chore: func(name string, took time.Duration, failed bool) {
			set.GetOrCreateCounter(fmt.Sprintf("soundings_chore_runs_total{chore=%q,failed=%q}", name, strconv.FormatBool(failed))).Inc()
			set.GetOrCreateFloatCounter(fmt.Sprintf("soundings_chore_seconds_total{chore=%q}", name)).Add(took.Seconds())
		},
	}), set
}

// tellStore asks the store how it is, each time that metrics are read.
func tellStore(w io.Writer, service *surveys.Service, c config) {
	ctx, cancel := context.WithTimeout(context.Background(), metricsPatience)
	defer cancel()
	began := time.Now()
	up := uint64(1)
	if service.Ping(ctx) != nil {
		up = 0
	}
	metrics.WriteGaugeUint64(w, "soundings_store_up", up)
	metrics.WriteGaugeFloat64(w, "soundings_store_answers_seconds", time.Since(began).Seconds())
	if waiting, err := service.Waiting(ctx); err == nil {
		for what, n := range waiting {
			metrics.WriteGaugeUint64(w, fmt.Sprintf("soundings_waiting{what=%q}", what), uint64(n))
		}
	}
	tellBackups(ctx, w, service, c)
	for _, folder := range foldersOf(c) {
		if room, err := roomIn(folder.path); err == nil {
			metrics.WriteGaugeUint64(w, fmt.Sprintf("soundings_disk_free_bytes{folder=%q}", folder.name), room.free)
		}
	}
}

// tellBackups says when the last good backup was begun, 0 for never, if any are to be made.
func tellBackups(ctx context.Context, w io.Writer, service *surveys.Service, c config) {
	if c.backups.folder == "" {
		return
	}
	state, err := service.BackupState(ctx)
	if err != nil {
		return // soundings_store_up says it
	}
	var good, failing uint64
	if state.Good != nil {
		good = uint64(state.Good.Began.Unix())
	}
	if state.Failing() {
		failing = 1
	}
	metrics.WriteGaugeUint64(w, "soundings_backup_last_good_timestamp_seconds", good)
	metrics.WriteGaugeUint64(w, "soundings_backup_failing", failing)
}

// serveMetrics answers on an address of its own, which only those who watch the
// machine should reach, until ctx ends.
func serveMetrics(ctx context.Context, c config, set *metrics.Set, log *slog.Logger) error {
	if set == nil {
		return nil
	}
	listener, err := net.Listen("tcp", c.metrics)
	if err != nil {
		return fmt.Errorf("cannot give metrics on %s (%w): choose another address with -metrics or SOUNDINGS_METRICS", c.metrics, cause(err))
	}
	pages := http.NewServeMux()
	pages.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		set.WritePrometheus(w)
		metrics.WriteProcessMetrics(w)
	})
	server := &http.Server{Handler: pages, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics", slog.String("cause", err.Error()))
		}
	}()
	return nil
}
