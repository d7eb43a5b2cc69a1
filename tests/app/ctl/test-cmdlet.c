/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/cmdlet.h"

#include <string.h>

#include "core/base/error.h"

/* One line as it was typed, its words separated by "|", which no shell leaves in one. */
static GStrv
split (const char *line)
{
  return g_strsplit (line, "|", -1);
}

static char *
translate (const char  *line,
           IssSecret  **out_password,
           char       **out_left,
           GError     **error)
{
  g_autofree char *whole = g_strconcat ("issuantctl|", line, NULL);
  g_auto(GStrv) typed = split (whole);
  g_auto(GStrv) words = ctl_cmdlet_translate ((int) g_strv_length (typed), typed, out_password,
                                              error);

  if (out_left != NULL)
    *out_left = g_strjoinv ("|", typed);
  if (words == NULL)
    return NULL;

  g_assert_cmpstr (words[0], ==, "issuantctl");

  return g_strjoinv ("|", words + 1);
}

typedef struct
{
  const char *name;
  const char *typed;
  const char *ours;
} Good;

static const Good good[] = {
  { "empty", "--help", "--help" },
  { "ours", "get-certificate|--type|Default", "get-certificate|--type|Default" },
  { "ours-one-dash", "get-certificate|-Type|Default", "get-certificate|-Type|Default" },
  { "get", "Get-CsCertificate", "get-certificate" },
  { "get-type", "Get-CsCertificate|-Type|OAuthTokenIssuer",
    "get-certificate|--type=OAuthTokenIssuer" },
  { "property", "Get-CsCertificate|-Type|Default|-Property|Thumbprint",
    "get-certificate|--type=Default|--property=Thumbprint" },
  { "any-case", "GET-CSCERTIFICATE|-tYPE|Default", "get-certificate|--type=Default" },
  { "after-options", "--demo|--seed|Get-CsCertificate|Get-CsCertificate|-Type:Default|--json",
    "--demo|--seed|Get-CsCertificate|get-certificate|--type=Default|--json" },
  { "set", "Set-CsCertificate|-Identity|global|-Type|OAuthTokenIssuer|-Thumbprint|3F2A",
    "set-certificate|--identity=global|--type=OAuthTokenIssuer|--thumbprint=3F2A" },
  { "roll", "Set-CsCertificate|-Thumbprint|3F2A|-EffectiveDate|7/1/2015|-Roll",
    "set-certificate|--thumbprint=3F2A|--effective-date=7/1/2015|--roll" },
  { "effective-time", "Set-CsCertificate|-EffectiveTime|2027-07-01",
    "set-certificate|--effective-date=2027-07-01" },
  { "set-path", "Set-CsCertificate|-Type|Default|-Path|a.pfx|-Pool|p",
    "import-certificate|--type=Default|--path=a.pfx|--pool=p" },
  { "import", "Import-CsCertificate|-Path|a.pfx|-PrivateKeyExportable|True|-Server|fe01,fe02",
    "import-certificate|--path=a.pfx|--exportable|--server=fe01,fe02" },
  { "not-exportable", "Import-CsCertificate|-Path|a.pfx|-PrivateKeyExportable|$false",
    "import-certificate|--path=a.pfx" },
  { "remove", "Remove-CsCertificate|-Type|OAuthTokenIssuer|-Previous|-Force|-WhatIf",
    "remove-certificate|--type=OAuthTokenIssuer|--previous|--force|--what-if" },
  { "aliases", "Remove-CsCertificate|-wi|-cf:false", "remove-certificate|--what-if" },
  { "switch-off", "Remove-CsCertificate|-Force:$false|-Confirm:0", "remove-certificate" },
  { "shortened", "Set-CsCertificate|-Thumb|3F2A|-Ty|Default|-Eff|2027-07-01",
    "set-certificate|--thumbprint=3F2A|--type=Default|--effective-date=2027-07-01" },
  { "list", "Set-CsCertificate|-Type|Default,|WebServicesInternal|-Roll",
    "set-certificate|--type=Default,WebServicesInternal|--roll" },
  { "list-at-end", "Set-CsCertificate|-Type|Default,", "set-certificate|--type=Default," },
  { "web-page-s-dash", "Get-CsCertificate|–Type|Default", "get-certificate|--type=Default" },
  { "looks-like-option", "Import-CsCertificate|-Path|--force",
    "import-certificate|--path=--force" },
  { "ours-between", "Import-CsCertificate|--password-file|-Path|-Path|a.pfx",
    "import-certificate|--password-file|-Path|--path=a.pfx" },
  { "colon-in-value", "Import-CsCertificate|-Path|C:\\a.pfx",
    "import-certificate|--path=C:\\a.pfx" },
  { "replication-status", "get-csmanagementstorereplicationstatus|-ReplicaFqdn|fe02",
    "get-replication-status|--server=fe02" },
  { "invoke-replication", "Invoke-CsManagementStoreReplication|-Force",
    "invoke-replication|--force" },
  { "help", "Get-CsCertificate|-?", "get-certificate|--help" },
  { "word", "Get-CsCertificate|global", "get-certificate|global" },
};

static void
test_cmdlet_good (gconstpointer data)
{
  const Good *its = data;
  g_autoptr(IssSecret) password = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *ours = translate (its->typed, &password, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (ours, ==, its->ours);
  g_assert_null (password);
}

typedef struct
{
  const char *name;
  const char *typed;
  IssError    code;
  const char *message;
} Bad;

static const Bad bad[] = {
  { "unknown", "Get-CsCertificate|-Nothing", ISS_ERROR_INVALID_ARGUMENT,
    "Get-CsCertificate has no parameter -Nothing" },
  { "another-s", "Get-CsCertificate|-Thumbprint|3F2A", ISS_ERROR_INVALID_ARGUMENT,
    "Get-CsCertificate has no parameter -Thumbprint" },
  { "no-name", "Get-CsCertificate|-:Default", ISS_ERROR_INVALID_ARGUMENT,
    "Get-CsCertificate has no parameter -" },
  { "control", "Get-CsCertificate|-a\nb", ISS_ERROR_INVALID_ARGUMENT, NULL },
  { "not-utf-8", "Get-CsCertificate|-\xff", ISS_ERROR_INVALID_ARGUMENT, NULL },
  { "ambiguous", "Set-CsCertificate|-Pa|x", ISS_ERROR_INVALID_ARGUMENT,
    "-Pa can be -Path or -Password: write it out" },
  { "value-missing", "Set-CsCertificate|-Type", ISS_ERROR_INVALID_ARGUMENT,
    "-Type needs a value" },
  { "value-is-parameter", "Set-CsCertificate|-Type|-Roll", ISS_ERROR_INVALID_ARGUMENT,
    "-Type needs a value" },
  { "password-missing", "Set-CsCertificate|-Password", ISS_ERROR_INVALID_ARGUMENT,
    "-Password needs a value" },
  /* What a shell leaves of "-PrivateKeyExportable $true" and "-Force:$true". */
  { "boolean-gone", "Import-CsCertificate|-PrivateKeyExportable|-Path|a.pfx",
    ISS_ERROR_INVALID_ARGUMENT, "-PrivateKeyExportable needs a value: True or False" },
  { "switch-s-value-gone", "Import-CsCertificate|-Force:", ISS_ERROR_INVALID_ARGUMENT,
    "-Force is True or False, without the “$”, which this shell takes for itself" },
  { "not-boolean", "Import-CsCertificate|-PrivateKeyExportable|perhaps",
    ISS_ERROR_INVALID_ARGUMENT,
    "-PrivateKeyExportable is True or False, without the “$”, which this shell takes for itself" },
  { "confirm", "Set-CsCertificate|-Confirm", ISS_ERROR_INVALID_ARGUMENT,
    "-Confirm: nothing is asked here; -WhatIf shows what would be done" },
  { "report", "Set-CsCertificate|-Report|a.html", ISS_ERROR_INVALID_ARGUMENT,
    "-Report is not built: redirect what is printed, or use --json" },
  { "reference", "Set-CsCertificate|-Reference|x", ISS_ERROR_INVALID_ARGUMENT,
    "-Reference comes through a pipeline there: use -Thumbprint" },
  { "request", "Request-CsCertificate|-New|-Type|Default", ISS_ERROR_REFUSED,
    "Not yet: Request-CsCertificate is not part of this version; make the request elsewhere and "
    "import what comes back with import-certificate" },
  { "test", "test-cscertificateconfiguration", ISS_ERROR_REFUSED,
    "Not yet: Test-CsCertificateConfiguration is not part of this version; get-certificate shows "
    "what is assigned, get-presence whether it is the same everywhere" },
};

static void
test_cmdlet_bad (gconstpointer data)
{
  const Bad *its = data;
  IssSecret *password = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *ours = translate (its->typed, &password, NULL, &error);

  g_assert_error (error, ISS_ERROR, (int) its->code);
  if (its->message != NULL)
    g_assert_cmpstr (error->message, ==, its->message);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_null (strpbrk (error->message, "\n\r\x1b"));
  g_assert_null (ours);
  g_assert_null (password);
}

static void
test_cmdlet_password (void)
{
  static const struct
  {
    const char *typed;
    const char *password;
  } cases[] = {
    { "Import-CsCertificate|-Path|a.pfx|-Password|P@ssw0rd", "P@ssw0rd" },
    { "Import-CsCertificate|-Password:P@ss:w0rd|-Path|a.pfx", "P@ss:w0rd" },
    { "import-cscertificate|-pass|-Path|-Path|a.pfx", "-Path" },
    { "Import-CsCertificate|–Password|–Path|-Path|a.pfx", "–Path" },
    { "Import-CsCertificate|-Password||-Path|a.pfx", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(IssSecret) password = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *left = NULL;
      g_autofree char *ours = translate (cases[i].typed, &password, &left, &error);

      g_test_message ("%s", cases[i].typed);
      g_assert_no_error (error);
      g_assert_cmpstr (ours, ==, "import-certificate|--path=a.pfx");
      g_assert_nonnull (password);
      g_assert_cmpstr (iss_secret_get_string (password), ==, cases[i].password);
      if (strstr (cases[i].password, "ss") != NULL)
        g_assert_null (strstr (left, cases[i].password));
    }
}

/* A password is overwritten even where the line is refused. */
static void
test_cmdlet_password_of_bad_line (void)
{
  g_autofree char *longer = g_strnfill (1025, 'x');
  g_autofree char *too_long = g_strconcat ("Set-CsCertificate|-Password|", longer, NULL);
  const char *lines[] = { "Set-CsCertificate|-Nothing|-Password|SECRET",
                          "Set-CsCertificate|-Password|SECRET|-Password|SECRET", too_long };

  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      IssSecret *password = NULL;
      g_autoptr(GError) error = NULL;
      g_autofree char *left = NULL;
      g_autofree char *ours = translate (lines[i], &password, &left, &error);

      g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
      g_assert_null (ours);
      g_assert_null (password);
      g_assert_null (strstr (left, "SECRET"));
      g_assert_null (strstr (left, "xxx"));
      g_assert_null (strstr (error->message, "SECRET"));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *path = g_strconcat ("/cmdlet/good/", good[i].name, NULL);

      g_test_add_data_func (path, &good[i], test_cmdlet_good);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *path = g_strconcat ("/cmdlet/bad/", bad[i].name, NULL);

      g_test_add_data_func (path, &bad[i], test_cmdlet_bad);
    }
  g_test_add_func ("/cmdlet/password", test_cmdlet_password);
  g_test_add_func ("/cmdlet/password-of-bad-line", test_cmdlet_password_of_bad_line);

  return g_test_run ();
}
