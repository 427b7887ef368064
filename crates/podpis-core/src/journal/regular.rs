//! Opens files that programs keep for themselves, such as those of a journal.
//!
//! **Invariant:** only regular files, whatever stands in their place: a pipe or a device keeps nobody waiting, a link leads
//! nowhere else, and the error names the file. It is the opened file that is looked at, so that nothing can be put there in
//! between.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

/// Opens a regular file, or makes one where `options` say so.
///
/// # Errors
/// As [`OpenOptions::open`]; and [`ErrorKind::InvalidInput`], with the path, when something else is there, such as a pipe, a
/// device, a folder or a symbolic link.
pub fn open_regular(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let (file, _) = open_known(path, options)?;
    Ok(file)
}

/// The same, and what the system says of the file, which had to be asked for.
pub(super) fn open_known(path: &Path, options: &mut OpenOptions) -> io::Result<(File, Metadata)> {
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;

        // A pipe would wait for its other end, and a terminal could become that of the program.
        let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    #[cfg(not(unix))]
    if fs::symlink_metadata(path).is_ok_and(|known| !known.is_file()) {
        return Err(not_regular(path));
    }
    let file = match options.open(path) {
        Ok(file) => file,
        // Nothing is in its place, and most of what is looked for is not there.
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(error),
        // The system has its own words for each of these.
        Err(_) if fs::symlink_metadata(path).is_ok_and(|known| !known.is_file()) => {
            return Err(not_regular(path));
        }
        Err(error) => return Err(error),
    };
    let known = file.metadata()?;
    if !known.is_file() {
        return Err(not_regular(path));
    }
    Ok((file, known))
}

fn not_regular(path: &Path) -> io::Error {
    let text = format!("{} is not a regular file", path.display());
    io::Error::new(ErrorKind::InvalidInput, text)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    /// Everything that a name can lead to and that is no regular file; each comes with its name.
    #[test]
    fn nothing_but_a_regular_file_is_opened_and_nothing_waits() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        let pipe = place("pipe");
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
        fs::create_dir(place("folder")).unwrap();
        fs::write(place("file"), "text").unwrap();
        symlink(place("file"), place("link")).unwrap();
        symlink("/dev/zero", place("link to a device")).unwrap();
        symlink(place("none"), place("link to nothing")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(place("socket")).unwrap();
        let ways: [fn(&mut OpenOptions); 3] = [
            |options| {
                options.read(true);
            },
            |options| {
                options.append(true).create(true);
            },
            |options| {
                options.read(true).write(true).create(true);
            },
        ];
        for way in ways {
            let open = |path: &Path| {
                let mut options = OpenOptions::new();
                way(&mut options);
                open_regular(path, &mut options)
            };
            for name in [
                "pipe",
                "folder",
                "link",
                "link to a device",
                "link to nothing",
                "socket",
            ] {
                let error = open(&place(name)).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InvalidInput, "{name}");
                let text = error.to_string();
                assert!(text.contains(place(name).to_str().unwrap()), "{text}");
            }
            let error = open(Path::new("/dev/null")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(open(&place("file")).is_ok());
        }
        let missing = open_regular(&place("none"), OpenOptions::new().read(true));
        assert_eq!(missing.unwrap_err().kind(), ErrorKind::NotFound);
    }
}
