/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/assign-plan.h"

#include "core/base/text.h"
#include "ui/wizards/pool-label.h"
#include "ui/wizards/shell-line.h"

#include <glib/gi18n-lib.h>

/**
 * IssAssignPlan:
 *
 * A certificate, what it is to be used for, and on which servers.
 */
struct _IssAssignPlan
{
  GObject                   parent_instance;

  /* Owned References */
  IssWorkspace             *workspace;
  IssPool                  *pool;
  IssCandidate             *candidate;   /* (nullable) */
  GPtrArray                *servers;     /* (element-type IssServer) */

  const IssCertificateType *type;
  gboolean                  force;
};

G_DEFINE_FINAL_TYPE (IssAssignPlan, iss_assign_plan, G_TYPE_OBJECT)

static void
iss_assign_plan_finalize (GObject *object)
{
  IssAssignPlan *self = ISS_ASSIGN_PLAN (object);

  g_clear_pointer (&self->servers, g_ptr_array_unref);
  g_clear_object (&self->candidate);
  g_clear_object (&self->pool);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (iss_assign_plan_parent_class)->finalize (object);
}

static void
iss_assign_plan_class_init (IssAssignPlanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_assign_plan_finalize;
}

static void
iss_assign_plan_init (IssAssignPlan *self)
{
  self->servers = g_ptr_array_new_with_free_func (g_object_unref);
  self->type = iss_certificate_type_find ("OAuthTokenIssuer");
}

/**
 * iss_assign_plan_new:
 * @workspace: where an agreement is recorded
 * @pool: a pool of it
 *
 * Returns: (transfer full): a plan for OAuthTokenIssuer, without a certificate
 */
IssAssignPlan *
iss_assign_plan_new (IssWorkspace *workspace,
                     IssPool      *pool)
{
  IssAssignPlan *self;

  g_return_val_if_fail (ISS_IS_WORKSPACE (workspace), NULL);
  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  self = g_object_new (ISS_TYPE_ASSIGN_PLAN, NULL);
  self->workspace = g_object_ref (workspace);
  self->pool = g_object_ref (pool);

  return self;
}

IssPool *
iss_assign_plan_get_pool (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  return self->pool;
}

const IssCertificateType *
iss_assign_plan_get_type_used (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  return self->type;
}

void
iss_assign_plan_set_type (IssAssignPlan            *self,
                          const IssCertificateType *type)
{
  g_return_if_fail (ISS_IS_ASSIGN_PLAN (self));
  g_return_if_fail (type != NULL);

  self->type = type;
}

IssCandidate *
iss_assign_plan_get_candidate (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  return self->candidate;
}

void
iss_assign_plan_set_candidate (IssAssignPlan *self,
                               IssCandidate  *candidate)
{
  g_return_if_fail (ISS_IS_ASSIGN_PLAN (self));

  g_set_object (&self->candidate, candidate);
}

GPtrArray *
iss_assign_plan_get_servers (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  return self->servers;
}

void
iss_assign_plan_set_servers (IssAssignPlan *self,
                             GPtrArray     *servers)
{
  g_return_if_fail (ISS_IS_ASSIGN_PLAN (self));

  g_ptr_array_ref (servers);
  g_ptr_array_unref (self->servers);
  self->servers = servers;
}

void
iss_assign_plan_set_force (IssAssignPlan *self,
                           gboolean       force)
{
  g_return_if_fail (ISS_IS_ASSIGN_PLAN (self));

  self->force = force;
}

/**
 * iss_assign_plan_dup_left_out:
 * @self: a plan
 *
 * Returns: (transfer full) (nullable): what is wrong with assigning this type on
 *   these servers only; %NULL for the whole pool, or a type that differs anyway
 */
char *
iss_assign_plan_dup_left_out (IssAssignPlan *self)
{
  g_autoptr(GPtrArray) left_out = g_ptr_array_new ();
  g_autofree char *names = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  for (guint i = 0; i < iss_pool_get_n_servers (self->pool); i++)
    {
      IssServer *server = iss_pool_get_server (self->pool, i);

      if (!g_ptr_array_find (self->servers, server, NULL))
        g_ptr_array_add (left_out, server);
    }

  if (!self->type->pool_wide || left_out->len == 0 || self->servers->len == 0)
    return NULL;

  names = iss_pool_label_dup_names (left_out);

  return g_strdup_printf (ngettext ("%s keeps what it has, and what is agreed stays.",
                                    "%s keep what they have, and what is agreed stays.",
                                    left_out->len), names);
}

/**
 * iss_assign_plan_make_job:
 * @self: a plan with a certificate and servers
 *
 * Returns: (transfer full): the job that does it
 */
IssJob *
iss_assign_plan_make_job (IssAssignPlan *self)
{
  const char *types[2] = { NULL, NULL };

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);
  g_return_val_if_fail (self->candidate != NULL, NULL);

  types[0] = self->type->name;

  return iss_pool_assign_new (self->pool, self->servers, types,
                              iss_candidate_get_sha256 (self->candidate), self->force, FALSE);
}

/**
 * iss_assign_plan_record:
 * @self: a plan
 * @job: its job, when it is over
 * @out_agreed: whether the certificate is what is agreed now
 * @error: why it could not be written down
 *
 * Writes down what the pool agrees on now, if the job decided that.
 *
 * Returns: whether what was to be recorded is
 */
gboolean
iss_assign_plan_record (IssAssignPlan  *self,
                        IssJob         *job,
                        gboolean       *out_agreed,
                        GError        **error)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), FALSE);

  return iss_pool_assign_record (self->workspace, self->pool, job, g_get_user_name (), out_agreed,
                                 error);
}

/**
 * iss_assign_plan_dup_shell_line:
 * @self: a plan with a certificate and servers
 *
 * Returns: (transfer full): the line that does the same in a shell
 */
char *
iss_assign_plan_dup_shell_line (IssAssignPlan *self)
{
  g_autoptr(GString) line = NULL;
  g_autofree char *thumbprint = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);
  g_return_val_if_fail (self->candidate != NULL, NULL);

  line = iss_shell_line_new (self->workspace, "set-certificate");
  if (self->servers->len == iss_pool_get_n_servers (self->pool))
    iss_shell_line_add (line, "--pool", iss_pool_get_name (self->pool));
  else
    iss_shell_line_add_servers (line, self->servers);

  thumbprint = iss_text_thumbprint (iss_candidate_get_sha1 (self->candidate));
  iss_shell_line_add (line, "--type", self->type->name);
  iss_shell_line_add (line, "--thumbprint", thumbprint);
  if (self->force)
    g_string_append (line, " --force");

  return g_strdup (line->str);
}
