/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Both pages on real agents. Also covers: copy-plan, copy-run-page, copy-servers-page. */

#include "ui/wizards/copy-wizard.h"

#include <string.h>

#include "tests/lib/shot.h"
#include "tests/lib/wait.h"
#include "tests/ui/wizards/wizard-fixture.h"
#include "ui/style.h"
#include "ui/wizards/copy-run-page.h"
#include "ui/wizards/copy-servers-page.h"
#include "ui/wizards/shell-line-bar.h"

#define NAME "auth.contoso.example"

typedef struct
{
  IssWizardFixture   *fixture;
  IssWizard          *wizard;
  IssCopyServersPage *servers;
  IssCopyRunPage     *run;
  GBytes             *sha256;
} Pages;

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(IssRowTable) table = iss_server_list_rows_finish (ISS_SERVER (object), result, NULL);
  GBytes **out_sha256 = user_data;
  IssRow row;

  g_assert_nonnull (table);
  for (guint i = 0; i < iss_row_table_get_n_rows (table); i++)
    {
      iss_row_table_get_row (table, i, &row);
      if (strcmp (row.issued_to, NAME) == 0)
        *out_sha256 = g_bytes_new (row.sha256, sizeof row.sha256);
    }
}

static void
open_wizard (Pages      *self,
             const char *holder)
{
  IssServer *fe01;

  if (self->fixture == NULL)
    self->fixture = iss_wizard_fixture_new ();
  fe01 = iss_pool_find_server (self->fixture->pool, "fe01");
  if (self->sha256 == NULL)
    {
      iss_server_list_rows_async (fe01, ISS_STORE_MY, NULL, listed_cb, &self->sha256);
      iss_wait_until (self->sha256 != NULL);
    }

  self->wizard = ISS_WIZARD (
    iss_copy_wizard_new (NULL, self->fixture->workspace, self->fixture->pool,
                         iss_pool_find_server (self->fixture->pool, holder), self->sha256));
  self->servers = ISS_COPY_SERVERS_PAGE (iss_wizard_find_page (self->wizard, "servers"));
  self->run = ISS_COPY_RUN_PAGE (iss_wizard_find_page (self->wizard, "run"));
  gtk_window_present (GTK_WINDOW (self->wizard));
}

static void
close_wizard (Pages *self)
{
  GtkWidget *held = g_object_ref (GTK_WIDGET (self->wizard));

  gtk_window_destroy (GTK_WINDOW (held));
  iss_wait_for_idle ();
  g_assert_finalize_object (held);
}

static void
end (Pages *self)
{
  close_wizard (self);
  g_clear_pointer (&self->fixture, iss_wizard_fixture_free);
  g_clear_pointer (&self->sha256, g_bytes_unref);
}

static IssServerCheckRow *
get_row (Pages *self,
         guint  index)
{
  return iss_server_check_list_get_row (iss_copy_servers_page_get_list (self->servers), index);
}

static gboolean
are_looked_at (Pages *self)
{
  for (guint i = 1; i < 3; i++)
    {
      if (strcmp (iss_server_check_row_get_text (get_row (self, i)), "looking…") == 0)
        return FALSE;
    }

  return TRUE;
}

static void
shoot (Pages      *self,
       const char *name)
{
  iss_shot_settle (GTK_WIDGET (self->wizard));
  iss_wizard_fixture_check (self->wizard, name);
}

static void
test_copied (void)
{
  Pages pages = { NULL };
  const char *line;

  open_wizard (&pages, "fe01");
  iss_wait_until (iss_wizard_fixture_can_next (pages.wizard) && are_looked_at (&pages));

  /* Not to where it comes from; to the others by itself. */
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (get_row (&pages, 0))));
  g_assert_true (iss_server_check_row_get_ticked (get_row (&pages, 1)));
  g_assert_true (iss_server_check_row_get_ticked (get_row (&pages, 2)));
  g_assert_cmpstr (iss_copy_servers_page_get_warning (pages.servers), ==, "");
  iss_server_check_row_set_ticked (get_row (&pages, 2), FALSE);
  g_assert_nonnull (strstr (iss_copy_servers_page_get_warning (pages.servers),
                            "Manual import does not replicate. fe03"));
  shoot (&pages, "copy-1-servers");

  g_assert_cmpuint (iss_wizard_fixture_count (pages.fixture, "fe02", "keys"), ==, 4);
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wait_until (iss_copy_run_page_is_over (pages.run));
  g_assert_cmpstr (iss_copy_run_page_get_headline (pages.run), ==, "Copied to 1 of 1 server.");
  g_assert_nonnull (strstr (iss_copy_run_page_get_warning (pages.run),
                            "Manual import does not replicate. fe03 does not have " NAME "."));
  line = iss_shell_line_bar_get_line (
    ISS_SHELL_LINE_BAR (iss_wizard_fixture_child (pages.run, "shell_line")));
  g_assert_nonnull (strstr (line, "copy-certificate --from fe01 --server fe02 --thumbprint "));
  iss_wizard_fixture_check_both (pages.wizard, "copy-2-done");
  g_assert_cmpuint (iss_wizard_fixture_count (pages.fixture, "fe02", "keys"), ==, 6);
  g_assert_cmpuint (iss_wizard_fixture_count (pages.fixture, "fe03", "keys"), ==, 2);

  /* What fe02 got is not exportable: it cannot go on from there. */
  close_wizard (&pages);
  open_wizard (&pages, "fe02");
  iss_wait_until (strstr (iss_copy_servers_page_get_text (pages.servers),
                          "marked as not exportable"));
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));
  shoot (&pages, "copy-1-refused");

  end (&pages);
}

/* One that does not answer may be ticked; the others are not stopped by it. */
static void
test_silent_server (void)
{
  Pages pages = { NULL };

  pages.fixture = iss_wizard_fixture_new ();
  iss_wizard_fixture_break (pages.fixture, "fe03");
  open_wizard (&pages, "fe01");
  iss_wait_until (iss_wizard_fixture_can_next (pages.wizard) && are_looked_at (&pages));
  g_assert_true (g_str_has_prefix (iss_server_check_row_get_text (get_row (&pages, 2)),
                                   "not answering: "));
  g_assert_false (iss_server_check_row_get_ticked (get_row (&pages, 2)));
  iss_server_check_row_set_ticked (get_row (&pages, 2), TRUE);
  iss_wizard_fixture_act (pages.wizard, "wizard.next");
  iss_wait_until (iss_copy_run_page_is_over (pages.run));
  g_assert_cmpstr (iss_copy_run_page_get_headline (pages.run), ==, "Copied to 1 of 2 servers.");
  g_assert_true (gtk_widget_get_visible (
    iss_wizard_fixture_child (iss_copy_run_page_get_list (pages.run), "retry_button")));

  end (&pages);
}

/* The one that has it is lost before anything is known. */
static void
test_lost_holder (void)
{
  Pages pages = { NULL };

  open_wizard (&pages, "fe01");
  close_wizard (&pages);
  iss_wizard_fixture_break (pages.fixture, "fe01");
  open_wizard (&pages, "fe01");
  iss_wait_until (gtk_widget_get_visible (iss_wizard_fixture_child (pages.servers,
                                                                    "retry_button")));
  g_assert_false (iss_wizard_fixture_can_next (pages.wizard));

  end (&pages);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  iss_style_install ();

  g_test_add_func ("/copy-wizard/copied", test_copied);
  g_test_add_func ("/copy-wizard/silent-server", test_silent_server);
  g_test_add_func ("/copy-wizard/lost-holder", test_lost_holder);

  return g_test_run ();
}
