/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/agent-method.h"

#include "core/base/error.h"
#include "tests/lib/temp-folder.h"
#include "tests/lib/wait.h"

#define NOW G_GINT64_CONSTANT (1793318400)

static GThread *main_thread;

static gboolean
is_locked (IssRootFolder *root)
{
  g_autoptr(IssRootFolder) other =
    iss_root_folder_open (iss_root_folder_get_path (root), FALSE, NULL);
  g_autoptr(GError) error = NULL;

  return !iss_root_folder_try_lock (other, "other", NOW, &error);
}

/* Answers who asked, and whether the lock is held. */
static GVariant *
run (const IssAgentContext  *context,
     GVariant               *parameters,
     GCancellable           *cancellable,
     GError                **error)
{
  const char *word;

  g_assert_true (g_thread_self () != main_thread);
  g_assert_cmpint (context->now, ==, NOW);

  g_variant_get (parameters, "(&s@a{sv})", &word, NULL);
  if (*word == '\0')
    {
      g_set_error_literal (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT, "No word");
      return NULL;
    }

  return g_variant_new ("(ssb)", context->who, word, is_locked (context->root));
}

static void
result_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GAsyncResult **out_result = user_data;

  *out_result = g_object_ref (result);
}

static void
test_run (gconstpointer data)
{
  const IssAgentAccess access = GPOINTER_TO_UINT (data);
  const IssAgentMethod method = { "handle-word", access, run };
  const char *const words[] = { "one", "" };

  main_thread = g_thread_self ();
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      IssTempFolder *temp = iss_temp_folder_new ();
      g_autofree char *path = iss_temp_folder_dup_path (temp, "root");
      g_autoptr(GVariant) parameters =
        g_variant_ref_sink (g_variant_new ("(sa{sv})", words[i], NULL));
      g_autoptr(IssRootFolder) root = iss_root_folder_open (path, TRUE, NULL);
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GVariant) answer = NULL;
      g_autoptr(GError) error = NULL;
      const IssAgentContext context = { root, "alice", NOW, NULL, NULL, NULL };

      iss_agent_method_run_async (&method, &context, parameters, NULL, result_cb, &result);
      iss_wait_until (result != NULL);
      answer = iss_agent_method_run_finish (result, &error);

      if (*words[i] == '\0')
        {
          g_assert_null (answer);
          g_assert_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT);
        }
      else
        {
          const char *who, *word;
          gboolean locked;

          g_assert_no_error (error);
          g_variant_get (answer, "(&s&sb)", &who, &word, &locked);
          g_assert_cmpstr (who, ==, "alice");
          g_assert_cmpstr (word, ==, "one");
          g_assert_cmpint (locked, ==, access == ISS_AGENT_ACCESS_CHANGE);
        }

      g_assert_false (is_locked (root));
      g_clear_object (&root);
      iss_temp_folder_free (temp);
    }
}

static void
test_what_if (void)
{
  const struct
    {
      const char *parameters;
      gboolean    what_if;
    } cases[] =
    {
      { "()", FALSE },
      { "('one',)", FALSE },
      { "(true,)", FALSE },
      { "('one', @a{sv} {})", FALSE },
      { "('one', {'what-if': <true>})", TRUE },
      { "('one', {'what-if': <false>})", FALSE },
      { "('one', {'what-if': <'true'>})", FALSE },
      { "({'what-if': <true>}, 'one')", FALSE },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GVariant) parameters = g_variant_parse (NULL, cases[i].parameters, NULL, NULL,
                                                        NULL);

      g_assert_nonnull (parameters);
      g_assert_cmpint (iss_agent_method_is_what_if (parameters), ==, cases[i].what_if);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/agent-method/read", GUINT_TO_POINTER (ISS_AGENT_ACCESS_READ), test_run);
  g_test_add_data_func ("/agent-method/change", GUINT_TO_POINTER (ISS_AGENT_ACCESS_CHANGE),
                        test_run);
  g_test_add_func ("/agent-method/what-if", test_what_if);

  return g_test_run ();
}
