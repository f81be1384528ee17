use std::sync::Arc;

use contacts_contract::{Subject, token_codec::Codecs};
use contacts_domain::ports::{Clock, IdGenerator, PasswordHasher};
use contacts_security::{BcryptHasher, JwtCodec, SystemClock, UuidV7Generator};

mod bcrypt {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn PasswordHasher>> {
        let hasher = BcryptHasher::new("a pepper for tests, long enough".to_owned().into(), 4).unwrap();
        Subject::from(Arc::new(hasher) as Arc<dyn PasswordHasher>)
    }

    contacts_contract::password_hasher_suite!(fresh);
}

mod jwt {
    use super::*;

    async fn fresh() -> Subject<Codecs> {
        let key = "a key for tests, of 32 bytes or more";
        Subject::from(Codecs {
            codec: Arc::new(JwtCodec::new(&key.to_owned().into())),
            stranger: Arc::new(JwtCodec::new(&"another key for tests, as long as that".to_owned().into())),
            key: key.as_bytes().to_vec(),
        })
    }

    contacts_contract::token_codec_suite!(fresh);
}

mod clock {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn Clock>> {
        Subject::from(Arc::new(SystemClock) as Arc<dyn Clock>)
    }

    contacts_contract::clock_suite!(fresh);
}

mod ids {
    use super::*;

    async fn fresh() -> Subject<Arc<dyn IdGenerator>> {
        Subject::from(Arc::new(UuidV7Generator::new()) as Arc<dyn IdGenerator>)
    }

    contacts_contract::id_generator_suite!(fresh);
}
