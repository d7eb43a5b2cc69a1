/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/dialogs/file-chooser.h"

#include "tests/lib/temp-folder.h"
#include "tests/lib/wait.h"

typedef struct
{
  gboolean  ended;
  char     *path;       /* (nullable) */
  GError   *error;      /* (nullable) */
} Choice;

static void
choice_clear (Choice *self)
{
  g_free (self->path);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Choice, choice_clear)

static void
chosen_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Choice *choice = user_data;
  g_autoptr(GFile) file = NULL;

  g_assert_false (choice->ended);
  file = iss_file_chooser_choose_finish (result, &choice->error);
  choice->path = file != NULL ? g_file_get_path (file) : NULL;
  choice->ended = TRUE;
}

/* Without a portal GTK shows a dialog of this program's own. */
static GtkWidget *
find_dialog (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr(GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      if (g_strcmp0 (G_OBJECT_TYPE_NAME (toplevel), "GtkFileChooserDialog") == 0
          && gtk_widget_get_mapped (toplevel))
        return toplevel;    /* GTK holds it */
    }

  return NULL;
}

static GtkWidget *
open_chooser (GtkWidget    *parent,
              GCancellable *cancellable,
              Choice       *choice)
{
  iss_file_chooser_choose_async (GTK_WINDOW (parent), "Choose a File to Import", cancellable,
                                 chosen_cb, choice);
  /* Newer GTK is not ready to be closed before it has shown the folder. */
  iss_wait_until (find_dialog () != NULL && gtk_widget_get_mapped (find_dialog ()));
  iss_wait_for_idle ();

  return find_dialog ();
}

static void
respond (GtkWidget *dialog,
         int        response)
{
G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  gtk_dialog_response (GTK_DIALOG (dialog), response);
G_GNUC_END_IGNORE_DEPRECATIONS
}

static GtkWidget *
present_parent (void)
{
  GtkWidget *parent = g_object_ref_sink (gtk_window_new ());

  gtk_window_present (GTK_WINDOW (parent));
  iss_wait_until (gtk_widget_get_mapped (parent));

  return parent;
}

static void
test_cancelled (void)
{
  static const int responses[] =
  {
    GTK_RESPONSE_CANCEL,
    GTK_RESPONSE_DELETE_EVENT,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (responses); i++)
    {
      g_auto(Choice) choice = { 0 };
      GtkWidget *parent = present_parent ();
      GtkWidget *dialog = g_object_ref (open_chooser (parent, NULL, &choice));

      g_test_message ("response %d", responses[i]);
      g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (dialog)), ==, "Choose a File to Import");
      g_assert_true (gtk_window_get_modal (GTK_WINDOW (dialog)));
      g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (dialog)) == GTK_WINDOW (parent));
      g_assert_false (choice.ended);

      respond (dialog, responses[i]);
      iss_wait_until (choice.ended);
      g_assert_error (choice.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_null (choice.path);
      g_assert_null (find_dialog ());
      iss_wait_for_idle ();
      g_assert_finalize_object (dialog);
      gtk_window_destroy (GTK_WINDOW (parent));
      g_assert_finalize_object (parent);
    }
}

/* A name to begin with, in a folder; nothing is written. */
static void
test_save (void)
{
  g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();
  g_autofree char *path = iss_temp_folder_dup_path (temp, "auth.pfx");
  g_autoptr(GFile) suggested = g_file_new_for_path (path);
  g_auto(Choice) choice = { 0 };
  GtkWidget *parent = present_parent ();
  GtkWidget *dialog;

  iss_file_chooser_save_async (GTK_WINDOW (parent), "File to Export", suggested, NULL, chosen_cb,
                               &choice);
  iss_wait_until (find_dialog () != NULL);
  dialog = find_dialog ();
G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  {
    g_autofree char *name = gtk_file_chooser_get_current_name (GTK_FILE_CHOOSER (dialog));

    g_assert_cmpint (gtk_file_chooser_get_action (GTK_FILE_CHOOSER (dialog)), ==,
                     GTK_FILE_CHOOSER_ACTION_SAVE);
    g_assert_cmpstr (name, ==, "auth.pfx");
  }
G_GNUC_END_IGNORE_DEPRECATIONS

  respond (dialog, GTK_RESPONSE_CANCEL);
  iss_wait_until (choice.ended);
  g_assert_error (choice.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  gtk_window_destroy (GTK_WINDOW (parent));
  iss_wait_for_idle ();
  g_assert_finalize_object (parent);
}

/* What one looks for is offered first. */
static void
test_filters (void)
{
  g_auto(Choice) choice = { 0 };
  GtkWidget *parent = present_parent ();
  GtkWidget *dialog = open_chooser (parent, NULL, &choice);
  g_autoptr(GListModel) filters = NULL;
  g_autoptr(GtkFileFilter) first = NULL;

G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  filters = gtk_file_chooser_get_filters (GTK_FILE_CHOOSER (dialog));
G_GNUC_END_IGNORE_DEPRECATIONS
  g_assert_cmpuint (g_list_model_get_n_items (filters), ==, 6);
  first = g_list_model_get_item (filters, 0);
  g_assert_cmpstr (gtk_file_filter_get_name (first), ==, "Certificates and PFX files");
  respond (dialog, GTK_RESPONSE_CANCEL);
  iss_wait_until (choice.ended);
  iss_wait_for_idle ();
  gtk_window_destroy (GTK_WINDOW (parent));
  g_assert_finalize_object (parent);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/file-chooser/cancelled", test_cancelled);
  g_test_add_func ("/file-chooser/save", test_save);
  g_test_add_func ("/file-chooser/filters", test_filters);

  return g_test_run ();
}
