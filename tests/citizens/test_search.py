"""Finding a service by the words that people use, on the catalogue of the real mall."""

from __future__ import annotations

import pytest

from citizens import search

from .hall import CATALOGUE


def ids(query: str) -> list[str]:
    return [service.id for service in search.find(CATALOGUE, query).services]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("kk", "kk-perubahan"),
        ("KK", "kk-perubahan"),
        ("kartu keluarga", "kk-perubahan"),
        ("ktp hilang", "ktp-el-hilang-rusak"),
        ("paspor", "paspor"),
        ("passport", "paspor"),
        ("akte lahir", "akta-kelahiran"),
        ("skck", "skck"),
        ("e-KTP", "ktp-el-hilang-rusak"),
        ("antrian ktp hilang", "ktp-el-hilang-rusak"),
        ("antrean ktp hilang", "ktp-el-hilang-rusak"),
        ("mau bikin akta kelahiran", "akta-kelahiran"),
        ("birth certificate", "akta-kelahiran"),
        ("lost id card", "ktp-el-hilang-rusak"),
        ("  Ktp   HILANG ", "ktp-el-hilang-rusak"),
    ],
)
def test_the_first_answer_is_what_was_meant(query: str, wanted: str) -> None:
    """Keywords, names in both languages, any case, old spellings, and words that say nothing."""
    assert wanted in ids(query)[:2] or ids(query)[0].startswith(wanted)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("bikin ktp baru", "ktp-el-rekam"),
        ("buat ktp", "ktp-el-rekam"),
        ("ktp anak umur 17", "ktp-el-rekam"),
        ("ktp hilang", "ktp-el-hilang-rusak"),
        ("ktp saya kehilangan", "ktp-el-hilang-rusak"),
        ("ktp patah", "ktp-el-hilang-rusak"),
        ("e-ktp rusak", "ktp-el-hilang-rusak"),
        ("ganti foto ktp", "ktp-el-ubah-data"),
        ("ubah status di ktp", "ktp-el-ubah-data"),
        ("kartu keluarga hilang", "kk-hilang-rusak"),
        ("KK hilang", "kk-hilang-rusak"),
        ("kk sobek", "kk-hilang-rusak"),
        ("bikin kk baru nikah", "kk-baru"),
        ("pecah kk", "kk-pisah"),
        ("tambah anak di kk", "kk-perubahan"),
        ("ktp digital", "ikd"),
        ("surat pindah", "pindah-keluar"),
        ("pindah domisili", "pindah-keluar"),
        ("pindah rumah beda kecamatan", "pindah-dalam"),
        ("akte lahir", "akta-kelahiran"),
        ("akta kelahiran anak", "akta-kelahiran"),
        ("akte kelahiran hilang", "akta-kutipan-kedua"),
        ("nama di akte salah", "akta-pembetulan"),
        ("surat kematian", "akta-kematian"),
        ("ganti nama", "pn-permohonan"),
        ("nik tidak ditemukan", "nik-konsolidasi"),
        ("kartu identitas anak", "kia"),
        ("legalisir kk", "legalisasi-dokumen"),
        ("ijin usaha warung", "nib-umk"),
        ("bikin nib", "nib-umk"),
        ("imb rumah", "pbg-rumah-mbr"),
        ("ijin bangun ruko", "pbg"),
        ("pasang baliho", "izin-reklame"),
        ("str perawat izin praktik", "sip-perawat"),
        ("surat izin penelitian skripsi", "keterangan-penelitian"),
        ("pirt keripik", "spp-irt"),
        ("sertifikat halal", "halal-pendampingan"),
        ("bayar pbb", "pbb-bayar"),
        ("sppt hilang", "pbb-salinan-sppt"),
        ("balik nama pbb", "pbb-mutasi"),
        ("bikin npwp", "kpp-npwp-op"),
        ("lupa efin", "kpp-efin"),
        ("lapor pajak tahunan", "kpp-spt"),
        ("pajak motor", "bank-pajak-kendaraan"),
        ("bpjs mati", "bpjs-kes-pbi"),
        ("bpjs tidak aktif", "pbi-jkn-reaktivasi"),
        ("nunggak bpjs", "bpjs-kes-rehab"),
        ("daftar bpjs", "bpjs-kes-daftar"),
        ("kartu bpjs hilang", "bpjs-kes-kartu"),
        ("pindah puskesmas bpjs", "bpjs-kes-faskes"),
        ("cairkan jamsostek", "bpjs-tk-jht"),
        ("daftar bansos", "dtsen-usulan"),
        ("kursi roda", "alat-bantu-disabilitas"),
        ("bedah rumah", "rtlh-usulan"),
        ("kartu kuning", "ak1"),
        ("perpanjang kartu kuning", "ak1-perpanjangan"),
        ("ijazah hilang", "pengganti-ijazah"),
        ("pindah sekolah", "mutasi-siswa"),
        ("bikin skck", "skck"),
        ("skck mati", "skck-perpanjang"),
        ("sim hilang", "sim-hilang-rusak"),
        ("perpanjang sim c", "sim-c-perpanjang"),
        ("sim c baru", "sim-c-baru"),
        ("surat kehilangan", "polres-kehilangan"),
        ("bikin pasport", "paspor"),
        ("paspor hilang", "imigrasi-paspor-hilang"),
        ("perpanjang paspor", "imigrasi-paspor-ganti"),
        ("bayar tilang", "kejari-bayar-tilang"),
        ("cerai", "pa-cerai-gugat"),
        ("gugat cerai suami", "pa-cerai-gugat"),
        ("buku nikah hilang", "kemenag-duplikat-nikah"),
        ("daftar nikah", "kemenag-nikah"),
        ("sertifikat tanah hilang", "bpn-hilang"),
        ("balik nama sertifikat", "bpn-balik-nama"),
        ("pecah sertifikat tanah", "bpn-pecah"),
        ("pasang listrik", "pln-pasang-baru"),
        ("tambah daya", "pln-tambah-daya"),
        ("mati lampu", "pln-pengaduan"),
        ("antrian ktp ilang", "ktp-el-hilang-rusak"),
        ("antrean paspor", "paspor"),
        ("kartu kelurga ilang", "kk-hilang-rusak"),
        ("lost family card", "kk-hilang-rusak"),
        ("new passport", "paspor"),
        ("birth certificate", "akta-kelahiran"),
        ("new driving licence motorcycle", "sim-c-baru"),
    ],
)
def test_what_people_really_type(query: str, first: str) -> None:
    """The paper and what happened to it, in the words, spellings and slips of the counter: the
    first answer is the service that a person at the information desk would name."""
    assert ids(query)[0] == first


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pasprt", "paspor"), ("apspor", "paspor"), ("kartu kelurga", "kk-perubahan"),
        ("ktp hilng", "ktp-el-hilang-rusak"), ("aktaa kelahrian", "akta-kelahiran"),
        ("sertipikat", ids("sertifikat")[0]),
    ],
)  # fmt: skip
def test_a_slip_or_two_is_forgiven(typed: str, meant: str) -> None:
    """A letter too few, too many, wrong or swapped; two of them in longer words."""
    assert meant in ids(typed)[:3]


def test_the_beginning_of_a_word_is_enough() -> None:
    """Results come while one types."""
    assert "paspor" in ids("pas")[:3]
    assert "kk-perubahan" in ids("kartu kelu")[:3]


def test_an_agency_is_found_by_its_name() -> None:
    """Polres by its short name, and its services with it."""
    found = search.find(CATALOGUE, "polres")
    assert [agency.id for agency in found.agencies] == ["polres"]
    assert {service.agency for service in found.services} == {"polres"}


def test_every_word_counts_until_none_has_all() -> None:
    """All words narrow; when nobody has all of them, the best that there is."""
    assert ids("paspor hilang")[0] == "imigrasi-paspor-hilang"
    assert len(ids("paspor hilang")) < len(ids("paspor"))
    assert "paspor" in ids("paspor xyzzy")


def test_nothing_is_invented() -> None:
    """What is not there is not found; short words must be right."""
    assert ids("zzzzzz") == []
    assert ids("") == ids("   ") == ids("?!") == []
    assert "ktp-el-rekam" not in ids("xtp")


def test_only_fillers_show_what_people_come_for() -> None:
    """ "antrian" alone says nothing about the service."""
    assert ids("antrian") == [service.id for service in search.popular(CATALOGUE)]


def test_every_service_is_found_by_its_own_name() -> None:
    """All 260, in both languages, among the first five."""
    for service in CATALOGUE.services.values():
        for name in (service.name.id, service.name.en):
            twins = sum(other.name.of("en") == name for other in CATALOGUE.services.values())
            assert service.id in ids(name)[: 5 + twins], name


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("paspor", "paspor", 0), ("pasor", "paspor", 1), ("paspoor", "paspor", 1),
        ("pazpor", "paspor", 1), ("psapor", "paspor", 1), ("psaporr", "paspor", 2),
        ("kasur", "paspor", 3), ("a", "abcdef", 3),
    ],
)  # fmt: skip
def test_distance_counts_slips_up_to_a_limit(one: str, other: str, errors: int) -> None:
    """One more, one less, one other, two swapped; beyond two it is just "more"."""
    assert search.distance(one, other, 2) == errors == search.distance(other, one, 2)
