package scaffold

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// Limits of an archive: Lambda's for a deployment package that is unpacked (Lambda quotas), and a number of files that
// no package comes near.
const (
	maxUnpacked     = 250 << 20
	maxArchiveFiles = 50_000
)

// unpack reads the files of a ZIP archive, such as the Lambda console's, in memory. Names that lead out of the folder,
// links, and more than Lambda takes are refused. Links to the programs of Node packages, which no function needs, are
// left out.
func unpack(z *zip.Reader) ([]File, error) {
	if len(z.File) > maxArchiveFiles {
		return nil, fmt.Errorf("the archive holds %d files, more than %d", len(z.File), maxArchiveFiles)
	}
	var files []File
	seen := map[string]bool{}
	left := int64(maxUnpacked)
	for _, f := range z.File {
		switch {
		case strings.HasSuffix(f.Name, "/") || strings.HasPrefix(f.Name, "__MACOSX/"),
			!f.Mode().IsRegular() && strings.Contains(f.Name, "node_modules/.bin/"):
			continue
		case !fs.ValidPath(f.Name) || strings.Contains(f.Name, "\\") || strings.Contains(f.Name, ":"):
			return nil, fmt.Errorf("the archive has a file that would be outside of the folder: %q", f.Name)
		case !f.Mode().IsRegular():
			return nil, fmt.Errorf("the archive has a link or a device: %q", f.Name)
		case seen[f.Name]:
			return nil, fmt.Errorf("the archive has %q twice", f.Name)
		}
		seen[f.Name] = true
		content, err := contentOf(f, left)
		if err != nil {
			return nil, err
		}
		left -= int64(len(content))
		files = append(files, File{Name: f.Name, Content: content, Executable: f.Mode()&0o111 != 0})
	}
	for name := range seen {
		for folder := path.Dir(name); folder != "."; folder = path.Dir(folder) {
			if seen[folder] {
				return nil, fmt.Errorf("the archive has %q as a file and as a folder", folder)
			}
		}
	}
	if len(files) == 0 {
		return nil, errors.New("the archive is empty")
	}
	return files, nil
}

// contentOf reads a file of an archive, of at most so many bytes, whatever size the archive claims.
func contentOf(f *zip.File, most int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s in the archive: %w", f.Name, err)
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, fmt.Errorf("%s in the archive: %w", f.Name, err)
	}
	if int64(len(content)) > most {
		return nil, fmt.Errorf("the archive holds more than the %d MB that Lambda unpacks", maxUnpacked>>20)
	}
	return content, nil
}
