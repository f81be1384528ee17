//! Secrets that a deployment needs and nobody has to think of.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write},
    path::Path,
};

use rand::{TryRngCore, rngs::OsRng};
use secrecy::SecretString;

/// 256 bits from the operating system, as 64 hexadecimal digits.
pub fn random_secret() -> io::Result<SecretString> {
    let mut bytes = [0_u8; 32];
    OsRng.try_fill_bytes(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into())
}

/// Reads a key file; where there is none, makes one that its owner alone may read.
///
/// However many processes start at once, all of them end with the same secret: each writes a file of
/// its own first, and only one of these becomes the key file.
pub fn load_or_create(path: &Path) -> io::Result<SecretString> {
    match read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        found => return found,
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    create_private_folder(folder)?;
    let draft = tempfile_in(folder)?;
    // A link is made whole or not at all, and never over another file.
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => {
            // The name of the file is only on the disk when its folder is.
            File::open(folder)?.sync_all()?;
            read(path)
        }
    }
}

fn read(path: &Path) -> io::Result<SecretString> {
    let text = fs::read_to_string(path)?;
    let secret = text.trim();
    if secret.len() < 32 {
        return Err(io::Error::new(ErrorKind::InvalidData, "a key file holds at least 32 characters"));
    }
    Ok(secret.to_owned().into())
}

/// A complete key file under a name of its own.
fn tempfile_in(folder: &Path) -> io::Result<std::path::PathBuf> {
    use secrecy::ExposeSecret;
    let name = random_secret()?;
    let path = folder.join(format!(".{}", &name.expose_secret()[..16]));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path)?;
    writeln!(file, "{}", random_secret()?.expose_secret())?;
    file.sync_all()?;
    Ok(path)
}

fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
