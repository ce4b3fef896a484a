"""`jack openapi`: the API's description, for those who generate clients from it."""

import json

import click


@click.command("openapi")
def command() -> None:
    """Print the OpenAPI document of the staff API; needs no configuration and no database."""
    from jack.entrypoints.web.app import openapi_document

    click.echo(json.dumps(openapi_document(), indent=2, sort_keys=True, ensure_ascii=False))
