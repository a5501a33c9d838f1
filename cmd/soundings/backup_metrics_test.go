package main

import (
	"bytes"
	"crypto/rand"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"soundings/surveys"
	"soundings/surveys/storetest"
)

// TestBackupMetrics: 0 until there is a good one.
func TestBackupMetrics(t *testing.T) {
	folder := t.TempDir()
	service := surveys.NewService(storetest.SQLite(t), time.Now, rand.Reader)
	c := config{backups: backupConfig{folder: folder, every: time.Hour, keep: 1}}
	wants := func(want ...string) {
		t.Helper()
		var told bytes.Buffer
		tellBackups(t.Context(), &told, service, c)
		for _, one := range want {
			if !strings.Contains(told.String(), one) {
				t.Errorf("told %q, want %q in it", told.String(), one)
			}
		}
	}
	wants("last_good_timestamp_seconds 0\n", "backup_failing 0\n")
	if err := service.WithBackups(c.backups.plan()).WorkBackups(t.Context()); err != nil {
		t.Fatal(err)
	}
	wants("last_good_timestamp_seconds 1", "backup_failing 0\n")
	c.backups.folder = filepath.Join(folder, "away")
	if err := service.AskBackup(t.Context()); err == nil {
		t.Error("a stranger asked for a backup")
	}
}
