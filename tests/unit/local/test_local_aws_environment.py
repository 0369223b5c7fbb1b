from local.aws_environment import aws_environment

REAL = {"AWS_PROFILE": "work", "AWS_SESSION_TOKEN": "token", "AWS_ACCESS_KEY_ID": "real", "AWS_REGION": "eu-west-1"}


def test_our_emulator_never_sees_real_credentials() -> None:
    env = aws_environment({**REAL, "HOME": "/home/me"}, emulator_port=8000)
    assert env == {
        "HOME": "/home/me",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:8000",
    }


def test_an_endpoint_of_the_operators_keeps_the_operators_credentials() -> None:
    env = aws_environment({**REAL, "AWS_ENDPOINT_URL": "http://localhost:8000"}, emulator_port=None)
    assert {name: env[name] for name in REAL} == REAL


def test_an_endpoint_on_this_machine_needs_no_credentials() -> None:
    env = aws_environment({"AWS_ENDPOINT_URL": "http://localhost:8000"}, emulator_port=None)
    assert (env["AWS_ACCESS_KEY_ID"], env["AWS_REGION"]) == ("test", "us-east-1")


def test_an_endpoint_elsewhere_is_given_no_made_up_credentials() -> None:
    env = aws_environment({"AWS_ENDPOINT_URL": "https://dynamodb.eu-west-1.amazonaws.com"}, emulator_port=None)
    assert "AWS_ACCESS_KEY_ID" not in env
