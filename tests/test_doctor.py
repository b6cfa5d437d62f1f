from lab_utils import doctor, plots


def test_report_of_this_machine(capsys, monkeypatch):
    monkeypatch.setenv("LAB_PROFILE", "smoke")
    status = doctor.main([])
    out = capsys.readouterr().out
    for section in ("[버전]", "[컴퓨터]", "[글꼴]", "[자료]"):
        assert section in out
    assert ("✗" in out) == bool(status)


def test_a_version_outside_its_range_is_named(monkeypatch):
    monkeypatch.setattr("importlib.metadata.requires", lambda name: ["numpy<1.0", "no-such-package>=1", 'x; extra == "dev"'])
    findings = doctor.versions()
    bad = [f for f in findings if f.mark == "✗"]
    assert [f.what.split()[0] for f in bad] == ["numpy", "no-such-package"]
    assert all("pip install" in f.advice for f in bad)


def test_a_missing_font_is_explained(monkeypatch):
    plots.use_korean_font.cache_clear()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    [finding] = doctor.font()
    plots.use_korean_font.cache_clear()
    assert finding.mark == "✗" and "koreanize-matplotlib" in finding.advice


def test_broken_machine_gives_exit_status_one(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "font", lambda: [doctor.Finding("✗", "글꼴", "설치하세요")])
    assert doctor.main([]) == 1
    assert "→ 설치하세요" in capsys.readouterr().out


def test_an_inspection_that_breaks_does_not_stop_the_report(monkeypatch, capsys):
    def broken():
        raise RuntimeError("센서 없음")

    monkeypatch.setattr(doctor, "machine", broken)
    assert doctor.main([]) == 1
    out = capsys.readouterr().out
    assert "센서 없음" in out and "[자료]" in out


def test_user_name_is_not_in_the_report(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor.Path, "home", lambda: tmp_path)
    assert doctor._home_as_tilde(tmp_path / "cache") == str(doctor.Path("~") / "cache")
    assert doctor._home_as_tilde(doctor.Path("/opt/x")) == str(doctor.Path("/opt/x"))


def test_missing_embedded_data_must_be_mended_but_a_missing_download_need_not(monkeypatch, tmp_path):
    from lab_utils import datasets

    monkeypatch.setattr(datasets, "data_folder", lambda: tmp_path)
    monkeypatch.setenv("LAB_CACHE_DIR", str(tmp_path))
    monkeypatch.delenv("LAB_DATA_DIR", raising=False)
    findings = {f.what.split(":")[0]: f for f in doctor.data()}
    assert findings["encyclopedia"].mark == "✗" and "다시" in findings["encyclopedia"].advice
    assert findings["korsts"].mark == "·" and "내려받" in findings["korsts"].what
    table = datasets.describe()
    assert "다시 설치" in table.loc["encyclopedia", "상태"] and "내려받음" in table.loc["korsts", "상태"]
