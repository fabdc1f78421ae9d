"""The shell's own problem codes with their sentences; the rules' are in `core.refusals`."""

from __future__ import annotations

TITLES: dict[int, dict[str, str]] = {
    400: {"id": "Permintaan tidak dapat dibaca", "en": "Bad request"},
    401: {"id": "Belum masuk", "en": "Not signed in"},
    403: {"id": "Tidak diizinkan", "en": "Not permitted"},
    404: {"id": "Tidak ditemukan", "en": "Not found"},
    405: {"id": "Cara tidak tersedia", "en": "Method not allowed"},
    409: {"id": "Belum dapat dilakukan", "en": "Refused by the rules"},
    413: {"id": "Terlalu besar", "en": "Too large"},
    415: {"id": "Jenis isi tidak didukung", "en": "Unsupported content type"},
    422: {"id": "Isian belum benar", "en": "Bad input"},
    429: {"id": "Terlalu sering", "en": "Too many attempts"},
    500: {"id": "Kesalahan server", "en": "Server error"},
    503: {"id": "Belum tersedia", "en": "Not available now"},
}

OF_STATUS = {400: "bad_request", 404: "not_found", 405: "method_not_allowed"}
"""The code of what Starlette refuses by a bare status; any other is a bad request."""

SENTENCES: dict[str, dict[str, str]] = {
    "bad_request": {
        "id": "Permintaan tidak dapat dibaca: periksa bentuknya, lalu kirim lagi.",
        "en": "The request could not be read: check its form and send it again.",
    },
    "unauthenticated": {
        "id": "Masuk dahulu, atau sertakan token yang berlaku.",
        "en": "Sign in first, or send a valid token.",
    },
    "forbidden": {
        "id": "Peran {role} tidak boleh melakukan ini; minta akun yang sesuai kepada penyelia.",
        "en": "The role {role} may not do this; ask a supervisor for a suitable account.",
    },
    "token_expired": {
        "id": "Masa berlaku token ini sudah habis: minta yang baru kepada administrator.",
        "en": "This token has expired: ask an administrator for a new one.",
    },
    "not_in_scope": {
        "id": "Token ini tidak mencakup {scope}: minta token dengan cakupan itu.",
        "en": "This token does not include {scope}: ask for one that does.",
    },
    "last_admin": {
        "id": "Ini administrator terakhir dengan kata sandi: "
        "buat yang lain dahulu, supaya selalu ada yang dapat masuk.",
        "en": "This is the last administrator with a password: "
        "make another one first, so that somebody can always get in.",
    },
    "subject_taken": {
        "id": "Akun itu sudah terhubung dengan pengguna lain.",
        "en": "That account is linked with another user already.",
    },
    "sso_unavailable": {
        "id": "Penyedia identitas sedang tidak dapat dihubungi: coba lagi, "
        "atau masuk dengan kata sandi.",
        "en": "The identity provider cannot be reached now: try again, or sign in by password.",
    },
    "sso_denied": {
        "id": "Penyedia identitas tidak mengizinkan, atau Anda membatalkannya. Coba lagi.",
        "en": "The identity provider refused, or you stopped it. Try again.",
    },
    "sso_stale": {
        "id": "Proses masuk ini sudah terlalu lama atau dimulai di peramban lain: mulai lagi.",
        "en": "This sign-in took too long or was begun in another browser: begin again.",
    },
    "sso_untrusted": {
        "id": "Jawaban penyedia identitas tidak dapat dipercaya dan ditolak: "
        "hubungi administrator.",
        "en": "The identity provider's answer could not be trusted and was refused: "
        "tell an administrator.",
    },
    "sso_no_role": {
        "id": "Akun itu dikenal, tetapi belum diberi peran di mal ini: hubungi administrator.",
        "en": "That account is known but has no role in this hall: tell an administrator.",
    },
    "sso_domain": {
        "id": "Akun itu bukan dari domain e-mail yang diizinkan, "
        "atau alamatnya belum diverifikasi.",
        "en": "That account is not of an e-mail domain that may sign in, "
        "or its address is not verified.",
    },
    "no_password": {
        "id": "Pengguna ini masuk lewat penyedia identitas dan tidak memiliki kata sandi di sini.",
        "en": "This user signs in with the identity provider and has no password here.",
    },
    "unknown_user": {
        "id": "Pengguna itu tidak ada; mungkin sudah dihapus.",
        "en": "There is no such user; perhaps it has been removed.",
    },
    "password_change_required": {
        "id": "Ganti kata sandi sekali pakai dahulu.",
        "en": "Change the one-time password first.",
    },
    "cross_site": {
        "id": "Permintaan ini datang dari situs lain dan ditolak: buka halamannya langsung.",
        "en": "This request came from another site and was refused: open the page itself.",
    },
    "no_offset": {
        "id": "Waktu harus menyebut selisih zonanya, misalnya 2026-11-25T15:00:00+07:00.",
        "en": "A time must name its offset, such as 2026-11-25T15:00:00+07:00.",
    },
    "not_found": {
        "id": "Tidak ada apa-apa di alamat ini: periksa alamatnya.",
        "en": "There is nothing at this address: check it.",
    },
    "unknown_service": {
        "id": "Layanan {service} tidak ada di mal ini; lihat daftar layanan.",
        "en": "There is no service {service} in this hall; see the list of services.",
    },
    "changed_since": {
        "id": "Sudah ada yang mengubahnya. Periksa yang berlaku sekarang, lalu ubah lagi.",
        "en": "Somebody has changed this meanwhile. Look at what is in force now, then change it.",
    },
    "nobody_found": {
        "id": "Tidak ada nomor hari ini, pesanan, atau permohonan dengan kode itu. Periksa.",
        "en": "No number of today, booking or application has that code: check it.",
    },
    "unknown_backup": {
        "id": "Berkas cadangan {name} tidak ada; lihat daftarnya di Cadangan data.",
        "en": "There is no backup file {name}; see the list under Backups.",
    },
    "rehearsal_gone": {
        "id": "Hasil pemeriksaan itu sudah tidak ada. Periksa berkasnya sekali lagi.",
        "en": "That rehearsal is gone. Rehearse the file once more.",
    },
    "restore_elsewhere": {
        "id": "Server ini tidak dapat memulai ulang sendiri: hentikan, jalankan antrean restore.",
        "en": "This server cannot start itself again. Stop it, then run antrean restore.",
    },
    "unknown_panel": {
        "id": "Konfigurasi tidak memiliki panel {panel}.",
        "en": "The configuration has no panel {panel}.",
    },
    "unknown_printer": {
        "id": "Printer {printer} tidak ada; lihat daftar printer.",
        "en": "There is no printer {printer}; see the list of printers.",
    },
    "unknown_screen": {
        "id": "Layar {screen} tidak ada: mungkin sudah dicabut, atau tidak ada di konfigurasi.",
        "en": "There is no screen {screen}: it was revoked, or the configuration has none.",
    },
    "unknown_counter_here": {
        "id": "Loket {counter} tidak ada di mal ini.",
        "en": "There is no counter {counter} in this hall.",
    },
    "unknown_zone": {
        "id": "Zona {zone} tidak ada di mal ini.",
        "en": "There is no zone {zone} in this hall.",
    },
    "method_not_allowed": {
        "id": "Alamat ini ada, tetapi bukan untuk cara itu: lihat header Allow.",
        "en": "This address exists, but not for that method: see the Allow header.",
    },
    "too_large": {
        "id": "Isi permintaan lebih besar dari {most} bita.",
        "en": "The request's body is larger than {most} bytes.",
    },
    "unsupported_media_type": {
        "id": "Kirim isi sebagai {wanted}.",
        "en": "Send the body as {wanted}.",
    },
    "invalid_json": {
        "id": "Isi bukan JSON yang sah: periksa tanda kurung, tanda kutip, dan angkanya.",
        "en": "The body is not valid JSON: check brackets, quotes and numbers.",
    },
    "invalid_input": {
        "id": "Beberapa isian belum benar: lihat errors.",
        "en": "Some fields are not right: see errors.",
    },
    "invalid_key": {
        "id": "Idempotency-Key harus 1 sampai 255 karakter ASCII tanpa spasi.",
        "en": "The Idempotency-Key must be 1 to 255 ASCII characters without spaces.",
    },
    "idempotency_key_reused": {
        "id": "Idempotency-Key itu sudah dipakai untuk permintaan lain: pakai kunci baru.",
        "en": "That Idempotency-Key was used for another request: use a new key.",
    },
    "wrong_credentials": {
        "id": "Nama atau kata sandi tidak cocok.",
        "en": "The name or the password is not right.",
    },
    "too_many_attempts": {
        "id": "Terlalu banyak percobaan: coba lagi dalam {wait} detik.",
        "en": "Too many attempts: try again in {wait} seconds.",
    },
    "password_over": {
        "id": "Kata sandi sekali pakai ini tidak dipakai pada waktunya: "
        "minta yang baru kepada administrator.",
        "en": "This one-time password was not used in time: ask an administrator for a new one.",
    },
    "password_short": {
        "id": "Kata sandi baru terlalu pendek: paling sedikit 10 karakter.",
        "en": "The new password is too short: at least 10 characters.",
    },
    "password_long": {
        "id": "Kata sandi baru terlalu panjang: paling banyak 200 karakter.",
        "en": "The new password is too long: at most 200 characters.",
    },
    "password_common": {
        "id": "Kata sandi itu mudah ditebak: pakai beberapa kata yang tidak berkaitan.",
        "en": "That password is easily guessed: use several unrelated words.",
    },
    "password_same": {
        "id": "Kata sandi baru sama dengan yang lama: pilih yang lain.",
        "en": "The new password is the old one: choose another.",
    },
    "password_differs": {
        "id": "Kedua kata sandi baru tidak sama: ketik sekali lagi.",
        "en": "The two new passwords differ: type them again.",
    },
    "consent_missing": {
        "id": "Centang persetujuan dahulu; tanpa itu nomor atau alamat Anda tidak disimpan.",
        "en": "Tick the consent first; without it your number or address is not kept.",
    },
    "wrong_phone": {
        "id": "Nomor ponsel belum benar: tulis seperti 0812 3456 7890.",
        "en": "The mobile number is not right: write it like 0812 3456 7890.",
    },
    "wrong_email": {
        "id": "Alamat e-mail belum benar: tulis seperti nama@contoh.id.",
        "en": "The e-mail address is not right: write it like name@example.com.",
    },
    "wrong_contact": {
        "id": "Isi nomor ponsel atau alamat e-mail, salah satu cukup.",
        "en": "Give a mobile number or an e-mail address; one is enough.",
    },
    "nobody_writes": {
        "id": "Mal ini tidak mengirim pesan; nomor dan alamat tidak disimpan.",
        "en": "This hall sends no messages; numbers and addresses are not kept.",
    },
    "wrong_push": {
        "id": "Langganan notifikasi ini bukan dari layanan yang dikenal.",
        "en": "This subscription is not one of a known push service.",
    },
    "not_ready": {
        "id": "Server belum siap: jurnal belum dapat ditulis.",
        "en": "The server is not ready: the journal cannot be written yet.",
    },
    "survey_few": {
        "id": "Belum cukup jawaban: data baru dapat diunduh mulai {least} responden.",
        "en": "Not enough answers yet: the data can be taken from {least} respondents on.",
    },
    "server_error": {
        "id": "Terjadi kesalahan di server dan sudah dicatat. "
        "Coba lagi; bila terulang, hubungi penyelia.",
        "en": "Something went wrong in the server and was logged. "
        "Try again; if it happens again, tell a supervisor.",
    },
}  # fmt: skip
"""Every code with its sentences; places in braces are filled from the problem's details."""
