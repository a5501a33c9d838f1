package surveys

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// WriteWhole writes a file that is there whole or not at all: under another name
// first, synced to disk, then renamed. Only its owner may read it. It returns its
// length in bytes.
func WriteWhole(path string, write func(io.Writer) error) (size int64, err error) {
	folder, name := filepath.Dir(path), filepath.Base(path)
	file, err := os.CreateTemp(folder, "."+name+".*.partial")
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	buffered := bufio.NewWriterSize(file, 1<<20)
	if err = write(buffered); err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		err = file.Sync()
	}
	if err == nil {
		size, err = file.Seek(0, io.SeekCurrent)
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return 0, err
	}
	if err = os.Rename(file.Name(), path); err != nil {
		return 0, err
	}
	return size, syncFolder(folder)
}

// syncFolder makes names in a folder durable, where the system knows that.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = folder.Sync() // some systems and network file systems refuse it for folders
	return folder.Close()
}

// partials removes what WriteWhole left of files when it was killed.
func removePartials(folder string) error {
	left, err := filepath.Glob(filepath.Join(folder, ".*.partial"))
	for _, path := range left {
		err = errors.Join(err, os.Remove(path))
	}
	if err != nil {
		return fmt.Errorf("removing what a backup left that was cut off: %w", err)
	}
	return nil
}
