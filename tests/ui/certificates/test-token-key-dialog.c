/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/token-key-dialog.h"

#include <string.h>

#include "core/certificate/maker.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "tests/lib/shot.h"
#include "tests/lib/soft-token.h"
#include "tests/lib/wait.h"
#include "tests/lib/workspace-fixture.h"
#include "ui/style.h"

#define URI ISS_SOFT_TOKEN_URI ";object=auth"

typedef struct
{
  IssWorkspaceFixture  base;
  IssServer           *server;
  IssRootFolder       *root;
  IssCertificate      *certificate;   /* in Personal; its key is in a token only */
  IssTokenKeyDialog   *dialog;        /* (nullable) */
  guint                n_proved;
} Fixture;

static void
count_cb (Fixture *fixture)
{
  fixture->n_proved++;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  const IssMakerSpec spec =
    {
      .subject_cn = "auth.contoso.example",
      .not_before = ISS_WORKSPACE_FIXTURE_NOW - 86400,
      .not_after = ISS_WORKSPACE_FIXTURE_NOW + 365 * 86400,
      .rsa_bits = 2048,
      .token_issuer = TRUE,
      .key_label = "auth",
    };
  g_autoptr(IssMaker) maker = iss_maker_new ("token-key-dialog");
  g_autoptr(IssPrivateKey) key = NULL;
  g_autoptr(IssSecret) pem = NULL;
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool;

  iss_workspace_fixture_set_up (&fixture->base, TRUE);
  iss_soft_token_set_up (fixture->base.temp);
  fixture->certificate = iss_maker_make (maker, &spec, NULL, NULL, &key, &error);
  g_assert_no_error (error);
  pem = iss_private_key_dup_pem (key, &error);
  g_assert_no_error (error);
  file = iss_temp_folder_write (fixture->base.temp, "auth.key", iss_secret_get_data (pem, NULL),
                                (gssize) iss_secret_get_size (pem));
  iss_soft_token_import (fixture->base.temp, "auth.key", "auth", "01");

  path = iss_temp_folder_dup_path (fixture->base.temp, "fe01");
  fixture->root = iss_root_folder_open (path, TRUE, &error);
  g_assert_no_error (error);
  iss_certificate_store_add (fixture->root, ISS_STORE_MY, fixture->certificate, NULL, &error);
  g_assert_no_error (error);

  pool = iss_workspace_get_pool (fixture->base.workspace, 0);
  fixture->server = g_object_ref (iss_pool_find_server (pool, "fe01.contoso.example"));
  fixture->dialog = ISS_TOKEN_KEY_DIALOG (
    iss_token_key_dialog_new (NULL, fixture->server,
                              iss_certificate_get_sha256 (fixture->certificate),
                              "auth.contoso.example"));
  g_object_add_weak_pointer (G_OBJECT (fixture->dialog), (gpointer *) &fixture->dialog);
  g_signal_connect_swapped (fixture->dialog, "proved", G_CALLBACK (count_cb), fixture);
  gtk_window_present (GTK_WINDOW (fixture->dialog));
  iss_shot_settle (GTK_WIDGET (fixture->dialog));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  if (fixture->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->dialog));
  iss_wait_until (fixture->dialog == NULL);
  g_object_unref (fixture->certificate);
  g_object_unref (fixture->root);
  g_object_unref (fixture->server);
  iss_workspace_fixture_tear_down (&fixture->base);
}

static gpointer
get_child (Fixture    *fixture,
           const char *id)
{
  return gtk_widget_get_template_child (GTK_WIDGET (fixture->dialog), ISS_TYPE_TOKEN_KEY_DIALOG,
                                        id);
}

static void
use (Fixture    *fixture,
     const char *uri,
     const char *pin)
{
  gtk_editable_set_text (get_child (fixture, "uri"), uri);
  gtk_editable_set_text (get_child (fixture, "pin"), pin);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->dialog), "token-key.use", NULL));
  iss_wait_until (fixture->dialog == NULL || !iss_token_key_dialog_is_busy (fixture->dialog));
}

static IssKeyState
get_state (Fixture *fixture)
{
  return iss_key_file_get_state (fixture->root,
                                 iss_certificate_get_spki_sha256 (fixture->certificate));
}

static void
test_token_key_dialog_proved (Fixture       *fixture,
                              gconstpointer  unused)
{
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->dialog)), ==,
                   "Key in a Token of fe01");
  g_assert_false (gtk_widget_get_sensitive (gtk_window_get_default_widget (
                                              GTK_WINDOW (fixture->dialog))));
  iss_shot_check (GTK_WIDGET (fixture->dialog), "token-key");
  iss_shot_set_dark (TRUE);
  iss_shot_check (GTK_WIDGET (fixture->dialog), "token-key-dark");
  iss_shot_set_dark (FALSE);

  use (fixture, URI, ISS_SOFT_TOKEN_PIN);
  iss_wait_until (fixture->dialog == NULL);
  g_assert_cmpuint (fixture->n_proved, ==, 1);
  g_assert_cmpint (get_state (fixture), ==, ISS_KEY_STATE_TOKEN);
}

/* In place; the URI stays, the PIN is typed anew. */
static void
test_token_key_dialog_errors (Fixture       *fixture,
                              gconstpointer  unused)
{
  static const struct { const char *uri; const char *pin; const char *says; } cases[] =
    {
      { "auth.key", "", "begins with “pkcs11:”" },
      { URI "?pin-value=1234", "", "leave it out and give the PIN apart" },
      { URI, "", "wants a PIN: none was given, and none is kept" },
      { ISS_SOFT_TOKEN_URI ";object=none", ISS_SOFT_TOKEN_PIN, "no private key “none”" },
      { URI, "4321", "it was tried once" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].uri);
      use (fixture, cases[i].uri, cases[i].pin);
      g_assert_nonnull (fixture->dialog);
      g_assert_nonnull (strstr (iss_token_key_dialog_get_error (fixture->dialog),
                                cases[i].says));
      g_assert_cmpstr (gtk_editable_get_text (get_child (fixture, "uri")), ==, cases[i].uri);
    }
  g_assert_cmpstr (gtk_editable_get_text (get_child (fixture, "pin")), ==, "");
  iss_shot_settle (GTK_WIDGET (fixture->dialog));
  iss_shot_check (GTK_WIDGET (fixture->dialog), "token-key-wrong-pin");

  gtk_editable_set_text (get_child (fixture, "pin"), "1");
  g_assert_cmpstr (iss_token_key_dialog_get_error (fixture->dialog), ==, "");
  g_assert_cmpint (get_state (fixture), ==, ISS_KEY_STATE_NONE);
  g_assert_cmpuint (fixture->n_proved, ==, 0);

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->dialog), "token-key.cancel",
                                             NULL));
  iss_wait_until (fixture->dialog == NULL);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add ("/token-key-dialog/proved", Fixture, NULL, set_up, test_token_key_dialog_proved,
              tear_down);
  g_test_add ("/token-key-dialog/errors", Fixture, NULL, set_up, test_token_key_dialog_errors,
              tear_down);

  return g_test_run ();
}
