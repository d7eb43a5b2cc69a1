/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Also covers: parser-syscalls. */
#include "core/agent/parser-confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/agent/parser-syscalls.h"
#include "tests/lib/temp-folder.h"

#define FOLDER "ISS_TEST_CONFINED_FOLDER"

/* What a confined process tries, and how it must fail. */
typedef enum
{
  OPEN_STORE,
  OPEN_DEVICE,
  MAKE_FOLDER,
  UNLINK,
  SOCKET_INTERNET,
  SOCKET_UNIX,
  FORK,
  EXECUTE,
  SIGNAL_PARENT,
  TRACE,
  LOOSEN_LIMIT,
  CODE_IN_MEMORY,
  N_TRIES
} Try;

static const char *const names[] =
{
  "open a file of the store", "open a device", "make a folder", "unlink a file",
  "open an internet socket", "open a unix socket", "fork", "run a program",
  "signal the agent", "trace the agent", "loosen a limit", "map code",
};

static long
try (Try         what,
     const char *folder)
{
  g_autofree char *file = g_build_filename (folder, "key.pem", NULL);
  g_autofree char *made = g_build_filename (folder, "made", NULL);
  char *const argv[] = { (char *) "/bin/true", NULL };
  const struct rlimit loose = { 1024, 1024 };
  long result = -1;

  switch (what)
    {
    case OPEN_STORE:
      result = open (file, O_RDONLY);
      break;

    case OPEN_DEVICE:
      result = open ("/dev/null", O_WRONLY);
      break;

    case MAKE_FOLDER:
      result = mkdir (made, 0700);
      break;

    case UNLINK:
      result = unlink (file);
      break;

    case SOCKET_INTERNET:
      result = socket (AF_INET, SOCK_STREAM, 0);
      break;

    case SOCKET_UNIX:
      result = socket (AF_UNIX, SOCK_STREAM, 0);
      break;

    case FORK:
      result = syscall (SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
      if (result == 0)
        _exit (0);
      break;

    case EXECUTE:
      result = execv (argv[0], argv);
      break;

    case SIGNAL_PARENT:
      result = kill (getppid (), 0);
      break;

    case TRACE:
      result = ptrace (PTRACE_ATTACH, getppid (), NULL, NULL);
      break;

    case LOOSEN_LIMIT:
      result = setrlimit (RLIMIT_NOFILE, &loose);
      break;

    case CODE_IN_MEMORY:
      result = mmap (NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
               == MAP_FAILED ? -1 : 0;
      break;

    case N_TRIES:
      break;
    }

  return result;
}

/* Makes the system one that lacks some of it, as containers do. */
static void
take_away (IssParserLacks lacks)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);

  if ((lacks & ISS_PARSER_LACKS_SECCOMP) != 0)
    g_assert_cmpint (seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (seccomp), 0), ==,
                     0);
  if ((lacks & ISS_PARSER_LACKS_LANDLOCK) != 0)
    {
      for (int number = 444; number <= 446; number++)   /* the three of Landlock */
        g_assert_cmpint (seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), number, 0), ==, 0);
    }

  g_assert_cmpint (seccomp_load (filter), ==, 0);
  seccomp_release (filter);
}

/* Which tries must fail, for a root too. */
static gboolean
must_fail (Try            what,
           IssParserLacks lacks)
{
  const gboolean has_landlock = (lacks & ISS_PARSER_LACKS_LANDLOCK) == 0;

  if ((lacks & ISS_PARSER_LACKS_SECCOMP) == 0)
    return TRUE;

  switch (what)
    {
    case OPEN_STORE:
    case OPEN_DEVICE:
    case SOCKET_INTERNET:
    case SOCKET_UNIX:
      return TRUE;        /* no descriptor is left to be had */

    case MAKE_FOLDER:
    case UNLINK:
      return has_landlock;

    case FORK:
      return geteuid () != 0;

    case EXECUTE:         /* it would succeed: not tried */
    case SIGNAL_PARENT:
    case TRACE:
    case LOOSEN_LIMIT:
    case CODE_IN_MEMORY:
    case N_TRIES:
      break;
    }

  return FALSE;
}

/* The process that is confined. It cannot print much: what failed is its exit status. */
static void
be_confined (IssParserLacks lacks)
{
  g_autofree char *folder = g_strdup (g_getenv (FOLDER));
  g_autoptr(GError) error = NULL;
  struct rlimit limit;

  if (lacks != 0)
    take_away (lacks);
  g_assert_cmpint (iss_parser_confinement_get_lacks () & lacks, ==, lacks);
  lacks = iss_parser_confinement_get_lacks ();

  g_assert_true (iss_parser_confinement_enter (&error));
  g_assert_no_error (error);

  for (Try what = 0; what < N_TRIES; what++)
    {
      if (must_fail (what, lacks) && try (what, folder) != -1)
        _exit (100 + (int) what);
      if ((lacks & ISS_PARSER_LACKS_SECCOMP) == 0 && errno != EPERM)
        _exit (120 + (int) what);
    }

  /* What reading a file takes */
  g_free (g_malloc0 (8 * 1024 * 1024));
  if (write (STDOUT_FILENO, "confined\n", 9) != 9)
    _exit (1);

  if ((lacks & ISS_PARSER_LACKS_SECCOMP) != 0 &&
      (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max != 0 ||
       getrlimit (RLIMIT_FSIZE, &limit) != 0 || limit.rlim_max != 0 ||
       getrlimit (RLIMIT_CPU, &limit) != 0 || limit.rlim_cur != ISS_PARSER_CONFINEMENT_CPU_SECONDS))
    _exit (2);

  _exit (0);
}

static void
run (IssParserLacks lacks)
{
  g_autoptr(IssTempFolder) folder = NULL;
  g_autofree char *content = NULL;


  if (g_test_subprocess ())
    {
      be_confined (lacks);
      return;
    }

  folder = iss_temp_folder_new ();
  g_free (iss_temp_folder_write (folder, "key.pem", "secret", -1));
  g_setenv (FOLDER, iss_temp_folder_get_path (folder), TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_test_message ("exit status %" G_GSIZE_FORMAT " means: it could %s", 100 + i, names[i]);
  g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*confined\n*");

  content = iss_temp_folder_read (folder, "key.pem", NULL);
  g_assert_cmpstr (content, ==, "secret");
  g_unsetenv (FOLDER);
}

static void
test_parser_confinement_whole (void)
{
  run (0);
}

static void
test_parser_confinement_without_landlock (void)
{
  run (ISS_PARSER_LACKS_LANDLOCK);
}

static void
test_parser_confinement_without_seccomp (void)
{
  run (ISS_PARSER_LACKS_SECCOMP);
}

static void
test_parser_confinement_without_both (void)
{
  run (ISS_PARSER_LACKS_ALL);
}

/* Too much memory, or too much time, is the end of the process and of nothing else. */
static void
test_parser_confinement_memory (void)
{
  g_autoptr(GError) error = NULL;

  if (ISS_PARSER_CONFINEMENT_MEMORY == G_MAXUINT64)
    {
      g_test_message ("no limit under this sanitizer");
      return;
    }

  if (g_test_subprocess ())
    {
      g_assert_true (iss_parser_confinement_enter (&error));
      _exit (g_try_malloc ((gsize) ISS_PARSER_CONFINEMENT_MEMORY) == NULL ? 0 : 1);
    }

  g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

static void
test_parser_confinement_text (void)
{
  static const struct
  {
    IssParserLacks lacks;
    const char    *expected;
  } cases[] =
  {
    { ISS_PARSER_LACKS_LANDLOCK, "*on fe01 *does not offer Landlock. *" },
    { ISS_PARSER_LACKS_SECCOMP, "*on fe01 *does not offer seccomp. *" },
    { ISS_PARSER_LACKS_ALL, "*on fe01 *does not offer Landlock and seccomp. *" },
  };

  g_assert_null (iss_parser_confinement_dup_text (0, "fe01"));
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = iss_parser_confinement_dup_text (cases[i].lacks, "fe01");

      g_assert_true (g_pattern_match_simple (cases[i].expected, text));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/parser-confinement/whole", test_parser_confinement_whole);
  g_test_add_func ("/parser-confinement/without-landlock",
                   test_parser_confinement_without_landlock);
  g_test_add_func ("/parser-confinement/without-seccomp", test_parser_confinement_without_seccomp);
  g_test_add_func ("/parser-confinement/without-both", test_parser_confinement_without_both);
  g_test_add_func ("/parser-confinement/memory", test_parser_confinement_memory);
  g_test_add_func ("/parser-confinement/text", test_parser_confinement_text);

  return g_test_run ();
}
