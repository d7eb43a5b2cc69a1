/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/agent/key-trial.h"

#include "core/store/key-access.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define URI "privkey.uri"
#define MAX_GROUPS 1024
#define PATIENCE_MILLISECONDS 10000

/* What the account is, looked up before anything is given up: a child of a process that has
 * threads may hardly do anything. */
typedef struct
{
  uid_t       uid;
  gid_t       gid;
  gid_t       groups[MAX_GROUPS];
  int         n_groups;
  const char *path;
  struct stat expected;
} Trial;

/* The child's whole life. Its answer is an errno, 0 for success. */
static int
open_as_account (const Trial *trial)
{
  struct stat info;
  char byte;
  int fd;

  if (geteuid () == 0 &&
      (setgroups ((size_t) trial->n_groups, trial->groups) != 0 ||
       setresgid (trial->gid, trial->gid, trial->gid) != 0 ||
       setresuid (trial->uid, trial->uid, trial->uid) != 0))
    return errno;

  if (geteuid () != trial->uid)
    return EPERM;

  fd = open (trial->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0)
    return errno;

  /* Another file than the one that live/ shows says nothing about that. */
  if (fstat (fd, &info) != 0)
    return errno;
  if (info.st_dev != trial->expected.st_dev || info.st_ino != trial->expected.st_ino)
    return ESTALE;

  return read (fd, &byte, 1) == 1 ? 0 : EIO;
}

/* Whoever has gone by then, or hangs, has not read it. */
static int
wait_for_answer (int pipe_end)
{
  struct pollfd wanted = { .fd = pipe_end, .events = POLLIN };
  int answer;

  if (poll (&wanted, 1, PATIENCE_MILLISECONDS) != 1)
    return ETIMEDOUT;

  return read (pipe_end, &answer, sizeof answer) == sizeof answer ? answer : EIO;
}

static int
ask_child (const Trial *trial)
{
  int ends[2];
  int answer;
  pid_t pid;

  if (pipe2 (ends, O_CLOEXEC) != 0)
    return errno;

  pid = fork ();
  if (pid == 0)
    {
      answer = open_as_account (trial);
      _exit (write (ends[1], &answer, sizeof answer) == sizeof answer ? 0 : 1);
    }

  close (ends[1]);
  answer = pid > 0 ? wait_for_answer (ends[0]) : errno;
  close (ends[0]);
  if (pid < 0)
    return answer;

  kill (pid, SIGKILL);
  while (waitpid (pid, NULL, 0) < 0 && errno == EINTR)
    continue;

  return answer;
}

static gboolean
find_account (Trial      *trial,
              const char *account)
{
  const struct passwd *entry = getpwnam (account);

  if (entry == NULL)
    return FALSE;

  trial->uid = entry->pw_uid;
  trial->gid = entry->pw_gid;
  trial->n_groups = MAX_GROUPS;
  if (getgrouplist (account, entry->pw_gid, trial->groups, &trial->n_groups) < 0)
    trial->n_groups = MAX_GROUPS;

  return TRUE;
}

/* (transfer full): that the system refused it has several causes, each with its own remedy. */
static char *
dup_why_not (const char *account,
             const char *path,
             int         answer,
             gboolean   *out_grantable)
{
  g_autofree char *cause = NULL;

  if (answer == ESTALE)
    return g_strdup_printf (_("%s is not the file that was published"), path);

  if (answer == EACCES)
    iss_key_access_allows_file (path, account, &cause, out_grantable);
  if (cause != NULL)
    /* Translators: an account, a file, what the system says, the cause and what to do */
    return g_strdup_printf (_("%s cannot read %s: %s; %s"), account, path, g_strerror (answer),
                            cause);

  /* Translators: an account, a file, what the system says */
  return g_strdup_printf (_("%s cannot read %s: %s"), account, path, g_strerror (answer));
}

/**
 * agent_key_trial_run:
 * @account: the name of an account
 * @path: by which a service reaches the published folder
 * @folder: descriptor of that folder
 * @name: the key's name in it
 * @out_why_not: (out) (transfer full): why it could not be read, and what to do where that is
 *   known, without full stop; untouched when it could
 * @out_grantable: (out): whether to allow it with set-key-access is what is to be done
 *
 * A child process becomes @account for good and opens the private key by its path, as a service
 * of that account would. Waits for that, at most ten seconds.
 *
 * Returns: what came of it
 */
AgentKeyTrial
agent_key_trial_run (const char  *account,
                     const char  *path,
                     int          folder,
                     const char  *name,
                     char       **out_why_not,
                     gboolean    *out_grantable)
{
  g_autofree char *key_path = g_build_filename (path, name, NULL);
  Trial trial = { .path = key_path };
  struct stat uri;
  int answer;

  *out_grantable = FALSE;
  if (fstatat (folder, name, &trial.expected, AT_SYMLINK_NOFOLLOW) != 0)
    {
      if (fstatat (folder, URI, &uri, AT_SYMLINK_NOFOLLOW) == 0)
        return AGENT_KEY_TRIAL_TOKEN;

      *out_why_not = g_strdup_printf (_("%s is not there"), key_path);
      return AGENT_KEY_TRIAL_REFUSED;
    }

  if (!find_account (&trial, account))
    {
      *out_why_not = g_strdup_printf (_("There is no account %s on this server; make it, or let "
                                        "another one run the service"), account);
      return AGENT_KEY_TRIAL_REFUSED;
    }

  answer = ask_child (&trial);
  if (answer == 0)
    return AGENT_KEY_TRIAL_READ;

  *out_why_not = dup_why_not (account, key_path, answer, out_grantable);

  return AGENT_KEY_TRIAL_REFUSED;
}
