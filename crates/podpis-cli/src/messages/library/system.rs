//! What the system says, in Russian, by the kind and the number of its error.
//!
//! **Invariant:** every failure that has a number from the system has words; where they are not known, it has the number.

use std::io::{Error, ErrorKind};

/// The Russian of an error of the system; none for one that was made by a program, which has words of its own.
pub(super) fn in_russian(error: &Error) -> Option<String> {
    let number = number(error);
    if number.is_none() && error.get_ref().is_some() {
        return None;
    }
    let known = number
        .and_then(of_number)
        .or_else(|| of_kind(error.kind()))
        .map(str::to_owned);
    known.or_else(|| Some(format!("ошибка системы {}", number?)))
}

/// The same of an error of which only the words were kept.
pub(super) fn kept_in_russian(said: &str) -> Option<String> {
    let (words, number) = said.strip_suffix(')')?.rsplit_once(" (os error ")?;
    let error = Error::from_raw_os_error(number.parse().ok()?);
    in_russian(&error).filter(|_| !words.contains(": "))
}

/// The number that the system gave. Who adds a path to an error may hide it in the words.
fn number(error: &Error) -> Option<i32> {
    error.raw_os_error().or_else(|| {
        let said = error.get_ref()?.to_string();
        let (_, behind) = said.split_once(" (os error ")?;
        let (number, _) = behind.split_once(')')?;
        number.parse().ok()
    })
}

/// Those that have no kind, or share it with another.
#[cfg(unix)]
fn of_number(number: i32) -> Option<&'static str> {
    use rustix::io::Errno;

    Some(match Errno::from_raw_os_error(number) {
        Errno::PERM => "система этого не разрешает",
        Errno::ACCESS => "нет прав",
        Errno::LOOP => "ссылки ведут по кругу",
        Errno::MFILE => "программа открыла слишком много файлов",
        Errno::NFILE => "в системе открыто слишком много файлов",
        Errno::IO => "устройство не смогло прочитать или записать",
        Errno::NXIO | Errno::NODEV => "такого устройства нет",
        Errno::NOBUFS => "системе не хватает места для соединений",
        Errno::DESTADDRREQ | Errno::NOTSOCK => "это не соединение",
        _ => return None,
    })
}

#[cfg(not(unix))]
fn of_number(_number: i32) -> Option<&'static str> {
    None
}

fn of_kind(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "нет такого файла или папки",
        ErrorKind::PermissionDenied => "нет прав",
        ErrorKind::AlreadyExists => "такой файл уже есть",
        ErrorKind::NotADirectory => "это не папка",
        ErrorKind::IsADirectory => "это папка",
        ErrorKind::DirectoryNotEmpty => "папка не пуста",
        ErrorKind::ReadOnlyFilesystem => "файловая система открыта только для чтения",
        ErrorKind::StorageFull => "на диске нет места",
        ErrorKind::QuotaExceeded => "отведённое место на диске кончилось",
        ErrorKind::FileTooLarge => "файл слишком велик",
        ErrorKind::InvalidFilename => "имя файла слишком длинное или недопустимое",
        ErrorKind::CrossesDevices => "это на другом диске",
        ErrorKind::ExecutableFileBusy => "эта программа сейчас работает",
        ErrorKind::ResourceBusy => "сейчас занято",
        ErrorKind::TooManyLinks => "слишком много ссылок на файл",
        ErrorKind::ArgumentListTooLong => "слишком длинный список аргументов",
        ErrorKind::StaleNetworkFileHandle => "файл на сетевом диске больше недоступен",
        ErrorKind::NotSeekable => "читать и писать здесь можно только подряд",
        ErrorKind::ConnectionRefused => "в соединении отказано",
        ErrorKind::ConnectionReset => "другая сторона оборвала соединение",
        ErrorKind::ConnectionAborted => "соединение прервано",
        ErrorKind::NotConnected => "соединения нет",
        ErrorKind::HostUnreachable => "узел недоступен",
        ErrorKind::NetworkUnreachable => "сеть недоступна",
        ErrorKind::NetworkDown => "сеть не работает",
        ErrorKind::AddrInUse => "адрес занят",
        ErrorKind::AddrNotAvailable => "такого адреса у этой машины нет",
        ErrorKind::TimedOut => "время ожидания вышло",
        ErrorKind::BrokenPipe => "читающая сторона закрыта",
        ErrorKind::UnexpectedEof => "данные кончились раньше, чем должны",
        ErrorKind::WriteZero => "записать всё не удалось",
        ErrorKind::Interrupted => "прервано",
        ErrorKind::WouldBlock => "сейчас занято, попробуйте позже",
        ErrorKind::Deadlock => "взаимная блокировка",
        ErrorKind::OutOfMemory => "не хватает памяти",
        ErrorKind::InvalidInput => "система не принимает такого значения",
        ErrorKind::InvalidData => "данные не того вида",
        ErrorKind::Unsupported => "система этого не умеет",
        _ => return None,
    })
}

#[cfg(all(test, unix))]
mod tests {
    use std::io;

    use rustix::io::Errno;

    use super::*;

    #[test]
    fn every_number_of_the_system_has_russian_words() {
        let of_files = [
            Errno::PERM,
            Errno::NOENT,
            Errno::INTR,
            Errno::IO,
            Errno::NXIO,
            Errno::NOMEM,
            Errno::ACCESS,
            Errno::BUSY,
            Errno::EXIST,
            Errno::XDEV,
            Errno::NODEV,
            Errno::NOTDIR,
            Errno::ISDIR,
            Errno::INVAL,
            Errno::NFILE,
            Errno::MFILE,
            Errno::TXTBSY,
            Errno::FBIG,
            Errno::NOSPC,
            Errno::SPIPE,
            Errno::ROFS,
            Errno::MLINK,
            Errno::PIPE,
            Errno::NAMETOOLONG,
            Errno::NOTEMPTY,
            Errno::LOOP,
            Errno::DQUOT,
            Errno::STALE,
        ];
        let of_connections = [
            Errno::ADDRINUSE,
            Errno::ADDRNOTAVAIL,
            Errno::NETDOWN,
            Errno::NETUNREACH,
            Errno::CONNABORTED,
            Errno::CONNRESET,
            Errno::NOTCONN,
            Errno::TIMEDOUT,
            Errno::CONNREFUSED,
            Errno::HOSTUNREACH,
            Errno::NOBUFS,
        ];
        for errno in of_files.into_iter().chain(of_connections) {
            let number = errno.raw_os_error();
            let words = in_russian(&Error::from_raw_os_error(number)).unwrap();
            assert!(!words.contains("ошибка системы"), "{errno}");
            assert!(words.chars().all(|c| !c.is_ascii_alphabetic()), "{words}");
        }
        let unknown = in_russian(&Error::from_raw_os_error(4_000)).unwrap();
        assert_eq!(unknown, "ошибка системы 4000");
    }

    #[test]
    fn a_path_that_was_added_hides_nothing_and_words_of_a_program_stay_its_own() {
        for number in [Errno::MFILE, Errno::ACCESS, Errno::ROFS].map(Errno::raw_os_error) {
            let bare = Error::from_raw_os_error(number);
            let with_path = Error::new(bare.kind(), format!("{bare} at path \"/x/.podpis\""));
            assert_eq!(in_russian(&with_path), in_russian(&bare));
        }
        let missing = tempfile::Builder::new().tempfile_in("/no such folder");
        let words = in_russian(&missing.unwrap_err()).unwrap();
        assert_eq!(words, "нет такого файла или папки");
        assert_eq!(
            in_russian(&io::ErrorKind::TimedOut.into()).as_deref(),
            Some("время ожидания вышло")
        );
        assert_eq!(
            in_russian(&Error::new(ErrorKind::PermissionDenied, "of our own")),
            None
        );
    }
}
