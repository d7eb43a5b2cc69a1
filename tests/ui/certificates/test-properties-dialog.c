/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/properties-dialog.h"

#include <string.h>

#include "core/certificate/maker.h"
#include "core/store/certificate-store.h"
#include "core/store/key-file.h"
#include "core/store/key-uri.h"
#include "core/store/properties.h"
#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "tests/lib/workspace-fixture.h"
#include "ui/dialogs/confirm-dialog.h"
#include "ui/style.h"

#define N_CERTIFICATES 2

/* The first has its key there, the second has not. */
typedef struct
{
  IssWorkspaceFixture  base;
  IssServer           *server;
  IssRootFolder       *root;
  IssPropertiesDialog *dialog;     /* (nullable) */
  IssCertificate      *certificates[N_CERTIFICATES];
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  static const char *const names[N_CERTIFICATES] = { "auth.contoso.example",
                                                     "www.contoso.example" };
  const IssProperties said = { .friendly_name = (char *) "Web", .intent = ISS_INTENT_SERVER };
  g_autoptr(IssMaker) maker = iss_maker_new ("properties");
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  IssPool *pool;

  iss_workspace_fixture_set_up (&fixture->base, TRUE);
  path = iss_temp_folder_dup_path (fixture->base.temp, "fe01");
  fixture->root = iss_root_folder_open (path, TRUE, &error);
  g_assert_no_error (error);

  for (gsize i = 0; i < N_CERTIFICATES; i++)
    {
      g_autoptr(IssPrivateKey) key = NULL;
      const IssMakerSpec spec =
        {
          .subject_cn = names[i],
          .not_before = ISS_WORKSPACE_FIXTURE_NOW - 86400,
          .not_after = ISS_WORKSPACE_FIXTURE_NOW + 365 * 86400,
          .rsa_bits = 1024,
          .token_issuer = TRUE,
          .key_label = names[i],
        };

      fixture->certificates[i] = iss_maker_make (maker, &spec, NULL, NULL, &key, &error);
      g_assert_no_error (error);
      if (i == 0)
        iss_key_file_save (fixture->root, key, TRUE, "manual", NULL, &error);
      g_assert_no_error (error);
      iss_certificate_store_add (fixture->root, ISS_STORE_MY, fixture->certificates[i], NULL,
                                 &error);
      g_assert_no_error (error);
    }

  iss_properties_save (&said, fixture->root,
                       iss_certificate_get_sha256_hex (fixture->certificates[1]), &error);
  g_assert_no_error (error);

  pool = iss_workspace_get_pool (fixture->base.workspace, 0);
  fixture->server = g_object_ref (iss_pool_find_server (pool, "fe01.contoso.example"));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  if (fixture->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->dialog));
  iss_wait_until (fixture->dialog == NULL);
  for (gsize i = 0; i < N_CERTIFICATES; i++)
    g_object_unref (fixture->certificates[i]);
  g_object_unref (fixture->root);
  g_object_unref (fixture->server);
  iss_workspace_fixture_tear_down (&fixture->base);
}

static void
open_dialog (Fixture *fixture,
             guint    index)
{
  GBytes *sha256 = iss_certificate_get_sha256 (fixture->certificates[index]);

  fixture->dialog = ISS_PROPERTIES_DIALOG (iss_properties_dialog_new (NULL, fixture->server,
                                                                      ISS_STORE_MY, sha256));
  g_object_add_weak_pointer (G_OBJECT (fixture->dialog), (gpointer *) &fixture->dialog);
  gtk_window_present (GTK_WINDOW (fixture->dialog));
  iss_wait_until (!iss_properties_dialog_is_busy (fixture->dialog));
  iss_shot_settle (GTK_WIDGET (fixture->dialog));
}

static gpointer
get_child (Fixture    *fixture,
           const char *id)
{
  return gtk_widget_get_template_child (GTK_WIDGET (fixture->dialog), ISS_TYPE_PROPERTIES_DIALOG,
                                        id);
}

static void
act (Fixture    *fixture,
     const char *action)
{
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (fixture->dialog), action, NULL));
  iss_wait_until (fixture->dialog == NULL || !iss_properties_dialog_is_busy (fixture->dialog));
}

static void
assert_said (Fixture    *fixture,
             guint       index,
             const char *name,
             IssIntent   intent)
{
  g_auto(IssProperties) said = { NULL };
  g_autoptr(GError) error = NULL;

  iss_properties_load (&said, fixture->root,
                       iss_certificate_get_sha256_hex (fixture->certificates[index]), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (said.friendly_name, ==, name);
  g_assert_cmpint (said.intent, ==, intent);
}

/* Whose folder it is decides what the picture would say: so that is not compared. */
static void
save_shot (Fixture    *fixture,
           const char *name)
{
  const char *folder = g_getenv ("ISS_SHOTS");
  g_autofree char *path = folder != NULL ? g_build_filename (folder, name, NULL) : NULL;

  if (path != NULL && g_mkdir_with_parents (folder, 0755) == 0)
    iss_shot_save (GTK_WIDGET (fixture->dialog), path);
}

static void
test_properties_dialog_without_key (Fixture       *fixture,
                                    gconstpointer  unused)
{
  open_dialog (fixture, 1);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (fixture->dialog)), ==,
                   "Properties of www.contoso.example, Personal on fe01");
  g_assert_false (gtk_widget_get_sensitive (get_child (fixture, "exportable")));
  g_assert_false (gtk_widget_get_sensitive (get_child (fixture, "accounts")));
  iss_shot_check (GTK_WIDGET (fixture->dialog), "properties-without-key");

  iss_shot_set_dark (TRUE);
  iss_shot_check (GTK_WIDGET (fixture->dialog), "properties-without-key-dark");
  iss_shot_set_dark (FALSE);

  /* Nothing changed: OK only closes. */
  act (fixture, "properties.ok");
  iss_wait_until (fixture->dialog == NULL);
}

static void
test_properties_dialog_change (Fixture       *fixture,
                               gconstpointer  unused)
{
  GBytes *spki = iss_certificate_get_spki_sha256 (fixture->certificates[0]);
  const char *access;

  open_dialog (fixture, 0);
  access = gtk_label_get_label (get_child (fixture, "access"));
  g_assert_nonnull (strstr (access, "(owner: the agent itself)"));
  g_assert_nonnull (strstr (access, "The key is not published"));
  save_shot (fixture, "properties-with-key.png");

  gtk_editable_set_text (get_child (fixture, "friendly_name"), "Token issuer");
  gtk_check_button_set_active (get_child (fixture, "for_pool"), TRUE);
  gtk_check_button_set_active (get_child (fixture, "exportable"), FALSE);
  gtk_editable_set_text (get_child (fixture, "accounts"), " daemon ");
  act (fixture, "properties.apply");

  g_assert_cmpstr (iss_properties_dialog_get_error (fixture->dialog), ==, "");
  assert_said (fixture, 0, "Token issuer", ISS_INTENT_POOL);
  g_assert_false (iss_key_file_is_exportable (fixture->root, spki));
  g_assert_false (gtk_widget_get_sensitive (get_child (fixture, "exportable")));
  g_assert_cmpstr (gtk_editable_get_text (get_child (fixture, "accounts")), ==, "daemon");
  access = gtk_label_get_label (get_child (fixture, "access"));
  g_assert_nonnull (strstr (access, " daemon"));
  iss_shot_settle (GTK_WIDGET (fixture->dialog));
  save_shot (fixture, "properties-changed.png");

  gtk_editable_set_text (get_child (fixture, "accounts"), "");
  act (fixture, "properties.ok");
  iss_wait_until (fixture->dialog == NULL);
}

static IssConfirmDialog *
find_question (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      if (ISS_IS_CONFIRM_DIALOG (toplevel))
        return ISS_CONFIRM_DIALOG (toplevel);   /* GTK holds it */
    }

  return NULL;
}

static void
shoot_question (void)
{
  GtkWidget *question = GTK_WIDGET (find_question ());

  iss_shot_check (question, "forget-key");
  iss_shot_set_dark (TRUE);
  iss_shot_check (question, "forget-key-dark");
  iss_shot_set_dark (FALSE);
}

static void
answer (Fixture    *fixture,
        const char *action)
{
  act (fixture, "properties.forget-key");
  iss_wait_until (find_question () != NULL);
  g_assert_nonnull (strstr (iss_confirm_dialog_get_question (find_question ()),
                            "Shall fe01 forget in which token the private key of "
                            "www.contoso.example is?"));
  if (g_str_equal (action, "dialog.cancel"))
    shoot_question ();
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (find_question ()), action, NULL));
  iss_wait_until (find_question () == NULL);
}

/* Where the key is can be forgotten, after a question. */
static void
test_properties_dialog_forget (Fixture       *fixture,
                               gconstpointer  unused)
{
  GBytes *spki = iss_certificate_get_spki_sha256 (fixture->certificates[1]);
  g_autoptr(GError) error = NULL;

  iss_key_uri_save (fixture->root, spki, "pkcs11:token=HSM;object=www;type=private", 1, &error);
  g_assert_no_error (error);

  open_dialog (fixture, 1);
  g_assert_true (gtk_widget_get_visible (get_child (fixture, "forget_button")));
  iss_shot_check (GTK_WIDGET (fixture->dialog), "properties-token");
  iss_shot_set_dark (TRUE);
  iss_shot_check (GTK_WIDGET (fixture->dialog), "properties-token-dark");
  iss_shot_set_dark (FALSE);

  answer (fixture, "dialog.cancel");
  iss_wait_for_idle ();
  g_assert_false (iss_properties_dialog_is_busy (fixture->dialog));
  g_assert_cmpint (iss_key_file_get_state (fixture->root, spki), ==, ISS_KEY_STATE_TOKEN);

  answer (fixture, "dialog.confirm");
  iss_wait_until (!gtk_widget_get_visible (get_child (fixture, "forget_button")));
  g_assert_cmpstr (iss_properties_dialog_get_error (fixture->dialog), ==, "");
  g_assert_cmpint (iss_key_file_get_state (fixture->root, spki), ==, ISS_KEY_STATE_NONE);
  g_assert_true (gtk_widget_get_visible (get_child (fixture, "token_button")));
  act (fixture, "properties.cancel");
}

/* In place, and what was typed stays. */
static void
test_properties_dialog_errors (Fixture       *fixture,
                               gconstpointer  unused)
{
  open_dialog (fixture, 0);
  gtk_editable_set_text (get_child (fixture, "accounts"), "no-such-account");
  act (fixture, "properties.ok");
  g_assert_nonnull (fixture->dialog);
  g_assert_nonnull (strstr (iss_properties_dialog_get_error (fixture->dialog),
                            "There is no account “no-such-account” on this server"));
  g_assert_cmpstr (gtk_editable_get_text (get_child (fixture, "accounts")), ==,
                   "no-such-account");
  iss_shot_settle (GTK_WIDGET (fixture->dialog));
  save_shot (fixture, "properties-error.png");

  /* Warned once, then it is meant. */
  gtk_editable_set_text (get_child (fixture, "accounts"), "");
  gtk_editable_set_text (get_child (fixture, "friendly_name"), "Web");
  g_assert_cmpstr (iss_properties_dialog_get_error (fixture->dialog), ==, "");
  act (fixture, "properties.apply");
  g_assert_nonnull (strstr (iss_properties_dialog_get_error (fixture->dialog), "already"));
  g_assert_cmpstr (gtk_button_get_label (get_child (fixture, "apply_button")), ==,
                   "_Apply All the Same");
  assert_said (fixture, 0, NULL, ISS_INTENT_UNKNOWN);
  act (fixture, "properties.apply");
  assert_said (fixture, 0, "Web", ISS_INTENT_UNKNOWN);
}

/* Deleted elsewhere before it could be looked at. */
static void
test_properties_dialog_gone (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  iss_certificate_store_remove (fixture->root, ISS_STORE_MY,
                                iss_certificate_get_sha256_hex (fixture->certificates[1]), &error);
  g_assert_no_error (error);
  open_dialog (fixture, 1);
  g_assert_cmpstr (iss_properties_dialog_get_error (fixture->dialog), !=, "");
  act (fixture, "properties.cancel");
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add ("/properties-dialog/without-key", Fixture, NULL, set_up,
              test_properties_dialog_without_key, tear_down);
  g_test_add ("/properties-dialog/change", Fixture, NULL, set_up, test_properties_dialog_change,
              tear_down);
  g_test_add ("/properties-dialog/forget", Fixture, NULL, set_up, test_properties_dialog_forget,
              tear_down);
  g_test_add ("/properties-dialog/errors", Fixture, NULL, set_up, test_properties_dialog_errors,
              tear_down);
  g_test_add ("/properties-dialog/gone", Fixture, NULL, set_up, test_properties_dialog_gone,
              tear_down);

  return g_test_run ();
}
