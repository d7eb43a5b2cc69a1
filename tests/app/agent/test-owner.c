/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/agent/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/agent/ssh-failure.h"
#include "core/base/error.h"
#include "tests/lib/agent-fixture.h"
#include "tests/lib/nobody.h"

#define NOBODY 65534
#define NAMELESS 54321       /* an account that no user database knows */
#define FOLDER_VARIABLE "ISS_TEST_OWNER_FOLDER"
#define MOST_OPEN 16

/* Where root is not given, the other half of each case: nobody becomes anybody else. */
static gboolean
tried_without_root (void)
{
  const uid_t before = geteuid ();
  g_autoptr(GError) error = NULL;
  int status = 99;

  if (before == 0)
    return FALSE;

  g_assert_false (agent_owner_become ("/", TRUE, &status, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_OWNER);
  g_assert_cmpint (status, ==, ISS_AGENT_EXIT_NOT_OWNER);
  g_assert_cmpuint (geteuid (), ==, before);
  g_assert_cmpuint (getuid (), ==, before);
  return TRUE;
}

/* "Uid", "Groups", "CapEff" … of a process, its tabs as blanks. */
static char *
dup_status (const char *process,
            const char *name)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/status", process);
  g_autofree char *text = NULL;
  g_autofree char *start = g_strdup_printf ("%s:", name);
  g_auto(GStrv) lines = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (g_str_has_prefix (lines[i], start))
        return g_strstrip (g_strdelimit (g_strdup (lines[i] + strlen (start)), "\t", ' '));
    }

  g_assert_not_reached ();
}

static void
expect_status (const char *process,
               const char *name,
               const char *expected)
{
  g_autofree char *found = dup_status (process, name);

  g_test_message ("%s: %s", name, found);
  g_assert_cmpstr (found, ==, expected);
}

/* All four identities, no group of another's, not one privilege. */
static void
expect_only (const char *process,
             uid_t       uid,
             gid_t       gid,
             gboolean    has_groups)
{
  g_autofree char *uids = g_strdup_printf ("%u %u %u %u", uid, uid, uid, uid);
  g_autofree char *gids = g_strdup_printf ("%u %u %u %u", gid, gid, gid, gid);
  g_autofree char *groups = has_groups ? g_strdup_printf ("%u", gid) : g_strdup ("");

  expect_status (process, "Uid", uids);
  expect_status (process, "Gid", gids);
  expect_status (process, "Groups", groups);
  expect_status (process, "CapEff", "0000000000000000");
  expect_status (process, "CapPrm", "0000000000000000");
  expect_status (process, "CapAmb", "0000000000000000");
}

static void
test_already (void)
{
  g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();
  g_autoptr(GError) error = NULL;
  int status = 99;

  g_assert_true (agent_owner_become (iss_temp_folder_get_path (temp), FALSE, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 99);
}

static void
test_missing (void)
{
  g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();
  const struct
    {
      const char *path;        /* below the test's folder */
      gboolean    may_make;
      gboolean    goes_on;
      const char *message;
    } cases[] =
    {
      { "new", TRUE, TRUE, NULL },
      { "new", FALSE, FALSE, "was not set up with app/install-agent" },
      { "not/there", TRUE, FALSE, "/not is not there" },
      { "not/there", FALSE, FALSE, "/not/there is not there" },
    };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = iss_temp_folder_dup_path (temp, cases[i].path);
      g_autoptr(GError) error = NULL;
      int status = 99;

      g_test_message ("%s, %d", cases[i].path, cases[i].may_make);
      g_assert_cmpint (agent_owner_become (path, cases[i].may_make, &status, &error), ==,
                       cases[i].goes_on);
      if (cases[i].goes_on)
        {
          g_assert_no_error (error);
          g_assert_cmpint (status, ==, 99);
          continue;
        }

      g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_FOUND);
      g_assert_cmpint (status, ==, ISS_AGENT_EXIT_NO_ROOT);
      g_assert_nonnull (strstr (error->message, cases[i].message));
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
    }
}

/* What cannot even be looked at is not said to be missing. */
static void
test_hidden (void)
{
  g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();
  g_autofree char *closed = iss_temp_folder_dup_path (temp, "closed");
  g_autofree char *path = iss_temp_folder_dup_path (temp, "closed/root");
  g_autoptr(GError) error = NULL;
  int status = 99;

  g_assert_no_errno (g_mkdir_with_parents (path, 0700));
  g_assert_no_errno (g_chmod (closed, 0));
  iss_nobody_begin (iss_temp_folder_get_path (temp));
  g_assert_false (agent_owner_become (path, TRUE, &status, &error));
  iss_nobody_end ();
  g_assert_error (error, ISS_ERROR, ISS_ERROR_PERMISSION);
  g_assert_cmpint (status, ==, ISS_AGENT_EXIT_FAILED);
  g_assert_no_errno (g_chmod (closed, 0700));
}

/* Root's folder, and somebody who is not root. */
static void
test_refused (void)
{
  const struct
    {
      gboolean    may_make;
      const char *message;
    } cases[] =
    {
      { FALSE, "/ belongs to root: connect as ssh://root@" },
      { TRUE, "/ belongs to root: only that user may open it" },
    };
  g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();

  iss_nobody_begin (iss_temp_folder_get_path (temp));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      int status = 99;

      g_assert_false (agent_owner_become ("/", cases[i].may_make, &status, &error));
      g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_OWNER);
      g_assert_cmpint (status, ==, ISS_AGENT_EXIT_NOT_OWNER);
      g_test_message ("%s", error->message);
      g_assert_true (g_str_has_prefix (error->message, cases[i].message));
    }
  iss_nobody_end ();
}

/* Somebody's set-user-ID copy: root in reserve is not the owner, either. */
static void
test_half (void)
{
  g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();
  g_autoptr(GError) error = NULL;
  int status = 99;

  if (tried_without_root ())
    return;

  iss_nobody_begin (iss_temp_folder_get_path (temp));
  g_assert_false (agent_owner_become (iss_temp_folder_get_path (temp), TRUE, &status, &error));
  iss_nobody_end ();
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_OWNER);
  g_assert_cmpint (status, ==, ISS_AGENT_EXIT_NOT_OWNER);
}

/* For good, and before anything is read. In a process of its own. */
static void
test_drops_child (void)
{
  const char *folder = g_getenv (FOLDER_VARIABLE);
  const gid_t groups[] = { 0, 4, 27 };
  struct stat folder_stat;
  g_autoptr(GError) error = NULL;
  int status = 99;

  if (folder == NULL)
    return;

  g_assert_no_errno (stat (folder, &folder_stat));
  g_assert_no_errno (setgroups (G_N_ELEMENTS (groups), groups));
  g_assert_true (agent_owner_become (folder, FALSE, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 99);

  expect_only ("self", folder_stat.st_uid, folder_stat.st_gid, folder_stat.st_uid == NOBODY);
  g_assert_cmpint (setuid (0), ==, -1);
  g_assert_cmpint (setresuid (0, 0, 0), ==, -1);
  g_assert_cmpint (setgid (0), ==, -1);
  g_assert_cmpint (open ("/etc/shadow", O_RDONLY | O_CLOEXEC), ==, -1);
  g_assert_cmpint (errno, ==, EACCES);
}

static void
test_drops (void)
{
  const uid_t accounts[] = { NOBODY, NAMELESS };

  if (tried_without_root ())
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (accounts); i++)
    {
      g_autoptr(IssTempFolder) temp = iss_temp_folder_new ();
      const char *path = iss_temp_folder_get_path (temp);

      g_assert_no_errno (chown (path, accounts[i], accounts[i]));
      g_setenv (FOLDER_VARIABLE, path, TRUE);
      g_test_trap_subprocess ("/owner/drops/subprocess", 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      g_unsetenv (FOLDER_VARIABLE);
    }
}

static int
count_strangers_cb (const char        *path,
                    const struct stat *info,
                    int                kind,
                    struct FTW        *place)
{
  g_assert_cmpint (kind, !=, FTW_NS);
  if (info->st_uid != NOBODY)
    g_error ("%s belongs to %u", path, (guint) info->st_uid);
  return 0;
}

static void
make_root_of (IssAgentFixture *fixture,
              uid_t            uid)
{
  g_assert_no_errno (g_mkdir (fixture->root, 0711));
  g_assert_no_errno (chown (fixture->root, uid, uid));
  g_assert_no_errno (g_chmod (iss_temp_folder_get_path (fixture->temp), 0755));
}

/* The program itself, at work: started by root, with groups and all. */
static void
test_agent_drops (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(GBytes) file = iss_agent_fixture_make_file ("one", NULL);
  g_autoptr(GPtrArray) items = NULL;
  g_autofree char *pid = NULL;
  g_autoptr(GError) error = NULL;

  if (tried_without_root ())
    return;

  iss_agent_fixture_set_up (&fixture);
  make_root_of (&fixture, NOBODY);
  iss_agent_fixture_script (&fixture, "echo $$ >\"$(dirname \"$0\")/pid\"; "
                                      "exec setpriv --groups 0,4,27 \"$AGENT\" \"$@\"");
  iss_agent_fixture_open (&fixture);
  g_assert_cmpstr (iss_agent_client_get_owner (fixture.client), ==, "nobody");
  items = iss_agent_fixture_import (&fixture, file, NULL, FALSE, &error);
  g_assert_no_error (error);

  pid = g_strchomp (iss_temp_folder_read (fixture.temp, "pid", NULL));
  expect_only (pid, NOBODY, NOBODY, TRUE);
  g_assert_cmpint (nftw (fixture.root, count_strangers_cb, MOST_OPEN, FTW_PHYS), ==, 0);
  iss_agent_fixture_tear_down (&fixture);
}

/* The program, started by somebody who is neither root nor the owner. */
static void
test_agent_refuses (void)
{
  IssAgentFixture fixture = { NULL };
  g_autoptr(GError) error = NULL;

  if (tried_without_root ())
    return;

  iss_agent_fixture_set_up (&fixture);
  make_root_of (&fixture, NAMELESS);
  iss_agent_fixture_script (&fixture, "exec setpriv --reuid 65534 --regid 65534 --clear-groups "
                                      "\"$AGENT\" \"$@\"");
  g_assert_null (iss_agent_fixture_try_open (&fixture, &error));
  g_assert_error (error, ISS_ERROR, ISS_ERROR_NOT_OWNER);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, "belongs to 54321"));
  iss_agent_fixture_tear_down (&fixture);
}

/* What the owner has locked in memory nobody else of the same account gets to read. Every
 * file in /proc/PID of a process that can be dumped belongs to its account, else to root. */
static void
test_agent_not_dumpable (void)
{
  IssAgentFixture fixture = { NULL };
  g_autofree char *pid = NULL;
  g_autofree char *memory = NULL;
  g_autofree char *limits_path = NULL;
  g_autofree char *limits = NULL;
  g_autoptr(GRegex) no_core = g_regex_new ("^Max core file size +0 +0 ", G_REGEX_MULTILINE, 0,
                                           NULL);
  struct stat memory_stat;
  g_autoptr(GError) error = NULL;

  iss_agent_fixture_set_up (&fixture);
  make_root_of (&fixture, geteuid () == 0 ? NOBODY : getuid ());
  iss_agent_fixture_script (&fixture, "echo $$ >\"$(dirname \"$0\")/pid\"; ulimit -c unlimited; "
                                      "exec \"$AGENT\" \"$@\"");
  iss_agent_fixture_open (&fixture);

  pid = g_strchomp (iss_temp_folder_read (fixture.temp, "pid", NULL));
  memory = g_strdup_printf ("/proc/%s/mem", pid);
  g_assert_no_errno (stat (memory, &memory_stat));
  g_assert_cmpuint (memory_stat.st_uid, ==, 0);

  limits_path = g_strdup_printf ("/proc/%s/limits", pid);
  g_file_get_contents (limits_path, &limits, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_regex_match (no_core, limits, 0, NULL));
  iss_agent_fixture_tear_down (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/owner/already", test_already);
  g_test_add_func ("/owner/missing", test_missing);
  g_test_add_func ("/owner/hidden", test_hidden);
  g_test_add_func ("/owner/refused", test_refused);
  g_test_add_func ("/owner/half", test_half);
  g_test_add_func ("/owner/drops", test_drops);
  g_test_add_func ("/owner/drops/subprocess", test_drops_child);
  g_test_add_func ("/owner/agent-drops", test_agent_drops);
  g_test_add_func ("/owner/agent-refuses", test_agent_refuses);
  g_test_add_func ("/owner/agent-not-dumpable", test_agent_not_dumpable);

  return g_test_run ();
}
