package app_test

import (
	"log/slog"
	"os"
	"testing"
	"time"

	"soundings/app"
	"soundings/surveys"
)

// TestBackupsPage: owners see that nothing is set, what was made, and what failed.
func TestBackupsPage(t *testing.T) {
	t.Parallel()
	h := classroom(t)
	d := h.ownersDesk()
	d.open("/backups").wants(t, 200, "no folder is set", "-backup-dir")
	d.sends("/backups", nil).wants(t, 422, "Set a folder for backups first")

	folder := t.TempDir()
	h.service = h.service.WithBackups(surveys.BackupPlan{Folder: folder, Every: 24 * time.Hour, Keep: 14})
	var err error
	if h.server, err = app.New(h.service, app.Config{}, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	d = h.ownersDesk()
	d.open("/backups").wants(t, 200, "There is none yet", "every 24 hours", "last 14 are kept", "not encrypted", "Back up now")
	d.sends("/backups", nil).wants(t, 303, "/backups")
	d.open("/backups").wants(t, 200, "A backup was asked for").lacks(t, "Back up now")
	if err := h.service.WorkBackups(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.open("/backups").wants(t, 200, "Last good backup:", "responses,", ".jsonl.zst", "Back up now")
	d.open("/audit").wants(t, 200, "backup: asked")

	h.clock = h.clock.Add(time.Hour)
	d.sends("/backups", nil).wants(t, 303)
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := h.service.WorkBackups(t.Context()); err == nil {
		t.Error("no error without the folder")
	}
	d.open("/backups").wants(t, 200, "The latest failed", "mount what lies there", "Last good backup:").lacks(t, folder)
	h.colleague("administrator", surveys.RoleAdministrator).open("/programmes").wants(t, 200).lacks(t, "/backups")
}
