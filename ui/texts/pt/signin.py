"""Sign-in, and its refusals."""

from core.access import Entry

SIGNIN_TITLE = "MR. Health"
SIGNIN_WITH = "Entrar"
SIGNIN_WITH_PROVIDER = "Entrar com {provider}"
SIGNIN_OUT = "Sair"
SIGNIN_WHO = "Acesso como {email}"
SIGNIN_REFUSALS = {
    Entry.WRONG_SETTINGS: (
        "O painel não exibe nada até que esta configuração seja válida: {reason}. O log do "
        "servidor diz o que está errado nela."
    ),
    Entry.EXPOSED: (
        "Este painel atende em {address} sem login, de modo que todos os que alcançam esse "
        "endereço poderiam ver e alterar todos os dados; nada é exibido até que você configure o "
        "login (`[auth]` em `.streamlit/secrets.toml` com `MRHEALTH_ALLOWED_EMAILS`), inicie-o em "
        "127.0.0.1, ou o force com `MRHEALTH_OPEN=1`: docs/panel.md explica como."
    ),
    Entry.PROXIED: (
        "Esta requisição veio por um proxy, de modo que outros além do navegador desta máquina "
        "podem alcançar o painel; nada é exibido até que você configure o login (`[auth]` em "
        "`.streamlit/secrets.toml` com `MRHEALTH_ALLOWED_EMAILS`), ou o force com "
        "`MRHEALTH_OPEN=1` se o proxy já pergunta quem é: docs/panel.md explica como."
    ),
    Entry.FOREIGN: (
        "Esta requisição veio por outro nome que não o desta máquina, ou da página de outro site, "
        "por isso o painel não exibe nada: abra http://127.0.0.1 com a porta do painel, ou veja "
        "docs/panel.md."
    ),
    Entry.NO_PROVIDER: (
        "`MRHEALTH_ALLOWED_EMAILS` diz quem pode entrar, mas não há com o que fazer login: inclua "
        "`[auth]` em `.streamlit/secrets.toml` (docs/panel.md), ou remova essa variável, e "
        "reinicie o painel."
    ),
    Entry.BROKEN: (
        "O login não está configurado como deve, por isso ninguém entra: `.streamlit/secrets.toml` "
        "precisa ser legível, e sua seção `[auth]` precisa de `redirect_uri`, de um "
        "`cookie_secret` aleatório com pelo menos 32 caracteres e de um provedor; docs/panel.md "
        "tem um exemplo."
    ),
    Entry.NO_LIST: (
        "O login está configurado, mas ninguém tem permissão para entrar: defina "
        "`MRHEALTH_ALLOWED_EMAILS` com endereços como ana@example.com ou domínios como "
        "@example.com, e reinicie o painel."
    ),
    Entry.SIGNED_OUT: "Entre para ver o painel.",
    Entry.EXPIRED: "Seu login tem mais de 12 horas: entre de novo.",
    Entry.UNVERIFIED: (
        "O provedor de login não diz que o endereço {email} foi verificado, por isso ele não "
        "pode entrar: verifique-o lá e entre de novo."
    ),
    Entry.STRANGER: (
        "{email} não está entre os que podem ver este painel: saia e use outro endereço, ou peça "
        "a quem o administra que inclua o seu em `MRHEALTH_ALLOWED_EMAILS`."
    ),
}
SIGNIN_EVERYWHERE = "todos os endereços desta máquina"
SIGNIN_NO_EMAIL = "(nenhum)"
